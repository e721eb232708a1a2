/** The server that a hostile crowd attacks, as a program: its address on a line, and its counters at the end. */
import { memoryValues } from "./harness.js";
import { startRpcServer } from "../../../src/protocols/rpc/node.js";

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

const server = await startRpcServer({
  framing: "uint32be",
  values: memoryValues(),
  receiveBytesMax: 16 * 1024 * 1024,
  sendBytesMax: 16 * 1024 * 1024,
  limits: { linksMax: 2_048, writeQueueBytesMax: 256 * 1024 },
  onFault: (fault) => say({ msg: "fault", fault: String(fault.cause) }),
});
say({ msg: "listening", address: server.address });
process.once("SIGTERM", () => {
  void server
    .counters()
    .then((counters) => say({ msg: "counters", ...counters }))
    .then(() => server.stop())
    .then(() => say({ msg: "stopped" }))
    .finally(() => process.disconnect?.());
});
