/**
 * Eight servers in one process, and a client that holds nothing: `servers.mjs ours|libp2p`. Servers store in turn what
 * the parent sends, and the client finds it.
 */
import { randomBytes } from "node:crypto";

const SERVERS = 8;
const [kind] = process.argv.slice(2);
const { put, get } = await { ours: startOurs, libp2p: startLibp2p }[kind]();
let turn = 0;

process.on("disconnect", () => process.exit());
process.on("message", ({ put: value, get: key }) => {
  turn = (turn + 1) % SERVERS;
  const answer = key === undefined ? put(value, turn) : get(key);
  answer.then(
    (result) => process.send(result),
    (error) => process.send(error),
  );
});
process.send("ready");

async function startOurs() {
  const { startDhtServer } = await import("specwire/dht/node");
  const first = await startDhtServer();
  const bootstrap = [first.address];
  const others = await Promise.all(Array.from({ length: SERVERS - 1 }, () => startDhtServer({ bootstrap })));
  for (const server of others) await server.join();
  const servers = [first, ...others];
  const client = await startDhtServer({ bootstrap, isClient: true });
  await client.join();
  return {
    // Each value has a key of its own, so that none is there already.
    put: async (value, from) => (await servers[from].store(value, { key: randomBytes(20) })).key,
    get: async (key) => (await client.findValue(key)).value,
  };
}

async function startLibp2p() {
  const rivals = "../rivals/node_modules";
  const load = (name, file = "dist/src/index.js") => import(new URL(`${rivals}/${name}/${file}`, import.meta.url));
  const [{ createLibp2p }, { tcp }, { noise }, { yamux }, { identify }, { ping }, { kadDHT, passthroughMapper }] =
    await Promise.all([
      load("libp2p"),
      load("@libp2p/tcp"),
      load("@chainsafe/libp2p-noise"),
      load("@chainsafe/libp2p-yamux"),
      load("@libp2p/identify"),
      load("@libp2p/ping"),
      load("@libp2p/kad-dht"),
    ]);
  const start = (clientMode) =>
    createLibp2p({
      addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: { inboundConnectionThreshold: 1_000 },
      services: {
        identify: identify(),
        ping: ping(),
        dht: kadDHT({
          protocol: "/bench/kad/1.0.0",
          clientMode,
          peerInfoMapper: passthroughMapper,
          validators: { bench: async () => {} },
          selectors: { bench: () => 0 },
        }),
      },
    });
  const peers = [];
  for (let i = 0; i <= SERVERS; i++) peers.push(await start(i === SERVERS));
  for (const peer of peers) for (const other of peers) if (peer !== other) await peer.dial(other.getMultiaddrs());
  // Their tables fill when identify has told that the others are servers.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  return {
    async put(value, from) {
      const key = Buffer.concat([Buffer.from("/bench/"), Buffer.from(randomBytes(20).toString("hex"))]);
      for await (const event of peers[from].services.dht.put(key, value)) void event;
      return key;
    },
    async get(key) {
      for await (const event of peers[SERVERS].services.dht.get(key)) if (event.name === "VALUE") return event.value;
      throw new Error("not found");
    },
  };
}
