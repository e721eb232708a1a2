/**
 * The cost of a BittrRt server compared with a bare socket. Each candidate is a server in a process of its own on
 * 127.0.0.1; the client of either seals every heartbeat. The bare server answers with as many bytes and reads none.
 */
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { BINARY_HEARTBEAT_FLAGS, beginBinary, FrameKey, readStamps } from "specwire/bittrrt";
import { systemEnv } from "specwire/host";
import { INPUTS } from "../lib/cell.mjs";
import { shakeHands } from "./client.mjs";

const HOST = "127.0.0.1";
/** The first heartbeat of a client: it asks for three echoes, and the exchange ends with the first answer. */
const BEGINNING = { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n };

export function heartbeatCells() {
  return [1, 64].map((inFlight) => ({
    name: `heartbeats, ${inFlight} in flight`,
    inFlight,
    inputs: Array.from({ length: INPUTS }, (_, i) => i),
    plain: ({ length }) => length,
    candidates: [
      { name: "bittrrt server", ours: true, open: () => open("server") },
      { name: "node:dgram", open: () => open("bare") },
    ],
  }));
}

async function open(kind) {
  const server = await startServer(kind);
  const isOurs = kind === "server";
  const { key, ports } = isOurs
    ? await shakeHands(HOST, server.port)
    : { key: new FrameKey(systemEnv.random(32), systemEnv), ports: { ctrl: server.port } };
  const socket = createSocket("udp4");
  const waiting = [];
  // Answers come in the order of the heartbeats, from either server.
  socket.on("message", (reply) => waiting.shift()(reply));
  socket.connect(ports.ctrl, HOST);
  await once(socket, "connect");
  const exchange = (_, done) => {
    waiting.push(done);
    socket.send(key.seal(beginBinary(BigInt(Date.now())), BEGINNING));
  };
  if (isOurs) requireAnswer(key.open(await new Promise((resolve) => exchange(0, resolve))));
  return {
    exchange,
    close: async () => {
      socket.close();
      await server.close();
    },
  };
}

/** Checks that the server reads and answers heartbeats. */
function requireAnswer({ flags, sequence, plaintext }) {
  const isAnswer = flags === BINARY_HEARTBEAT_FLAGS && sequence === 2n && readStamps(plaintext)?.length === 2;
  if (!isAnswer) throw new Error("no answer to a heartbeat");
}

async function startServer(kind) {
  const child = fork(new URL("server.mjs", import.meta.url), [kind]);
  const [port] = await once(child, "message");
  const close = async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { port, close };
}
