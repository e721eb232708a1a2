/** Values in etcd: by the back end, and by bare requests to the same JSON gateway over connections that are kept. */
import { Agent, request } from "node:http";
import { openEtcdMetadata } from "specwire/store/etcd";
import { startEtcd } from "../../scripts/servers/start.mjs";

/** A busy machine shows in the figures; it does not end the run. */
const TIMES = { timeoutMs: 600_000, attemptTimeoutMs: 120_000 };

let server;
let opened = 0;

/** One server for all sessions of this process, which ends with it. */
async function addresses() {
  server ??= startEtcd().then((cluster) => {
    cluster.leave();
    return cluster.addresses;
  });
  return server;
}

export async function etcdOurs() {
  const { metadata, close } = await openEtcdMetadata({
    endpoints: await addresses(),
    prefix: `ours ${++opened}/`,
    ...TIMES,
  });
  const keyOf = (n) => `metadata/${String(n).padStart(64, "0")}.toml`;
  return {
    put: (n, bytes) => metadata.put(keyOf(n), bytes),
    get: async (n) => (await metadata.get(keyOf(n))).bytes,
    close,
  };
}

export async function etcdBare() {
  const [address] = await addresses();
  const prefix = `bare ${++opened}/`;
  const keyOf = (n) => Buffer.from(prefix + n).toString("base64");
  const agent = new Agent({ keepAlive: true });
  const ask = (method, body) =>
    new Promise((resolve, reject) => {
      const url = `http://${address}/v3/kv/${method}`;
      const exchange = request(url, { method: "POST", agent }, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("end", () => resolve(JSON.parse(Buffer.concat(parts).toString())));
      });
      exchange.on("error", reject).end(JSON.stringify(body));
    });
  return {
    put: (n, bytes) => ask("put", { key: keyOf(n), value: bytes.toString("base64") }),
    get: async (n) => Buffer.from((await ask("range", { key: keyOf(n) })).kvs[0].value, "base64"),
    close: async () => agent.destroy(),
  };
}
