/**
 * A member of a quorum log by hand, the floor for Node.js: the first member sends what came in one turn to both others
 * and syncs it beside, and answers what two of three have. Nobody is elected, nothing has a term, no log is read back.
 */
import { connect, createServer } from "node:net";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openGroupLog } from "../lib/group-log.mjs";
import { FrameCutter, frameOf } from "../rpc/echo.mjs";
import { answerState } from "./state.mjs";

const FRAMING = "uint32be";
const HEAD_BYTES = 8;
const { member, addresses, folder } = JSON.parse(process.argv[2]);
if (folder !== undefined) mkdirSync(folder);
const log = folder === undefined ? undefined : await openGroupLog(join(folder, "log"));
const values = new Map();
let commands = 0;

/** A command is a number of 8 bytes that its client gave, the length of the key, the key, and the value. */
function apply(command) {
  const keyEnd = HEAD_BYTES + 1 + command[HEAD_BYTES];
  values.set(command.toString("latin1", HEAD_BYTES + 1, keyEnd), command.subarray(keyEnd));
  commands++;
}

/** Calls back when the command would survive a crash. */
function append(command, stored) {
  if (log === undefined) stored();
  else log.append(command, stored);
}

const [host, port] = addresses[member - 1].split(":");
const server = createServer({ noDelay: true }, member === 1 ? lead : follow).listen(Number(port), host);
await new Promise((resolve) => server.once("listening", resolve));
answerState(
  (key) => values.get(key.toString("latin1")),
  () => commands,
);
process.once("disconnect", () => process.exit(0));
process.send("ready");

/** Joins what is written in one turn. */
function joined(socket) {
  let parts = [];
  return (frame) => {
    if (parts.push(frame) > 1) return;
    setImmediate(() => {
      const bytes = Buffer.concat(parts);
      parts = [];
      socket.write(bytes);
    });
  };
}

function follow(socket) {
  const write = joined(socket);
  const cutter = new FrameCutter(FRAMING, (frame) => {
    const command = Buffer.from(frame);
    append(command, () => {
      apply(command);
      write(frameOf(FRAMING, command.subarray(0, HEAD_BYTES), Buffer.alloc(0)));
    });
  });
  socket.on("data", (chunk) => cutter.push(chunk)).on("error", () => {});
}

function lead(client) {
  const answer = joined(client);
  /** Commands by their number at the leader, and how many members have them. */
  const pending = new Map();
  let next = 0;
  const has = (number) => {
    const entry = pending.get(number);
    if (entry === undefined) return;
    if (++entry.count === 2) {
      apply(entry.command);
      answer(frameOf(FRAMING, entry.command.subarray(0, HEAD_BYTES), Buffer.alloc(0)));
    }
    if (entry.count === 3) pending.delete(number);
  };
  const followers = addresses.slice(1).map((address) => {
    const [followerHost, followerPort] = address.split(":");
    const socket = connect({ host: followerHost, port: Number(followerPort), noDelay: true });
    let got = 0;
    // What arrives in order is answered in order.
    const cutter = new FrameCutter(FRAMING, () => has(got++));
    socket.on("data", (chunk) => cutter.push(chunk)).on("error", () => {});
    return joined(socket);
  });
  const cutter = new FrameCutter(FRAMING, (frame) => {
    const command = Buffer.from(frame);
    const number = next++;
    pending.set(number, { command, count: 0 });
    for (const send of followers) send(frameOf(FRAMING, command, Buffer.alloc(0)));
    append(command, () => has(number));
  });
  client.on("data", (chunk) => cutter.push(chunk)).on("error", () => {});
}
