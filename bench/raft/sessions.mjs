/** How the candidates carry out a command or a read: sessions of live cells on clusters of three. */
import { once } from "node:events";
import { connect } from "node:net";
import { decodeKv, encodeKv } from "specwire/raft";
import { createRaftClient } from "specwire/raft/node";
import { FrameCutter, frameOf } from "../rpc/echo.mjs";
import { startCluster } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

/** Commands that one client has under way: those of one session whose results a member holds. */
const SESSION_WINDOW = 64;
const CLUSTER_ID = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
const TIMEOUT_MS = 60_000;

function fail(error) {
  throw error;
}

/** Puts values at our cluster. @param {boolean} isDurable */
export async function openRaft(isDurable, inFlight) {
  const { cluster, clients } = await raftOf(isDurable, Math.ceil(inFlight / SESSION_WINDOW));
  let begun = 0;
  const put = ({ input, value }) => {
    const command = encodeKv({ op: "put", key: keyOf(input), value });
    return clients[begun++ % clients.length].propose(command, { timeoutMs: TIMEOUT_MS, isGiven: true });
  };
  return {
    async exchange(input, done) {
      const { result } = await put(input);
      done(decodeKv(result).code);
    },
    async close() {
      await Promise.all(clients.map((client) => client.stop()));
      await cluster.requireEqual(begun);
      await cluster.close();
    },
  };
}

/** Reads values of our cluster. @param {"readIndex" | "lease"} mode */
export async function openReads(mode, inputs) {
  const { cluster, clients } = await raftOf(true, 1);
  const [client] = clients;
  for (const { input, value } of inputs) {
    await client.propose(encodeKv({ op: "put", key: keyOf(input), value }), { timeoutMs: TIMEOUT_MS });
  }
  const bounds = { mode, timeoutMs: TIMEOUT_MS };
  return {
    async exchange({ input }, done) {
      const { result } = await client.read(encodeKv({ op: "get", key: keyOf(input) }), bounds);
      done(decodeKv(result).value);
    },
    async close() {
      await client.stop();
      await cluster.requireEqual(inputs.length);
      await cluster.close();
    },
  };
}

async function raftOf(isDurable, count) {
  const cluster = await startCluster("raft", isDurable);
  const make = () => createRaftClient({ clusterId: CLUSTER_ID, members: cluster.addresses });
  const clients = Array.from({ length: count }, make);
  // There is a leader, and each client knows it.
  const query = encodeKv({ op: "get", key: keyOf(0) });
  for (const client of clients) await client.read(query, { timeoutMs: TIMEOUT_MS });
  return { cluster, clients };
}

/** Puts values at the quorum log by hand. @param {boolean} isDurable */
export async function openHand(isDurable) {
  const cluster = await startCluster("hand", isDurable);
  const [host, port] = cluster.addresses[0].split(":");
  const socket = connect({ host, port: Number(port), noDelay: true });
  await once(socket, "connect");
  const waiting = new Map();
  let begun = 0;
  const cutter = new FrameCutter("uint32be", (frame) => {
    const number = frame.readDoubleBE(0);
    waiting.get(number)(0);
    waiting.delete(number);
  });
  socket.on("data", (chunk) => cutter.push(chunk)).on("error", fail);
  return {
    exchange({ input, value }, done) {
      const head = Buffer.alloc(9);
      const key = keyOf(input);
      head.writeDoubleBE(begun, 0);
      head[8] = key.length;
      waiting.set(begun++, done);
      socket.write(frameOf("uint32be", head, key, value));
    },
    async close() {
      await cluster.requireEqual(begun);
      socket.destroy();
      await cluster.close();
    },
  };
}
