/** The servers that a hostile crowd attacks, as a program: says an address, and what it has counted at the end. */
import { setTimeout } from "node:timers/promises";
import { startDhtServer } from "../../../src/protocols/dht/node.js";

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
const onFault = (fault: Error): void => void say({ msg: "fault", fault: String(fault.cause) });

const attacked = await startDhtServer({
  onFault,
  requestsPerSecond: 50,
  bytesMax: 8 * 1024 * 1024,
  receiveBytesMax: 8 * 1024 * 1024,
  sendBytesMax: 8 * 1024 * 1024,
  limits: { linksMax: 2_048, writeQueueBytesMax: 256 * 1024 },
});
const bootstrap = [attacked.address];
const others = await Promise.all(Array.from({ length: 5 }, () => startDhtServer({ onFault, bootstrap })));
await Promise.all(others.map((server) => server.join()));
// Who has joined may still be asked back. The crowd comes when all know each other: the values need all of them.
for (const server of [attacked, ...others]) {
  while ((await server.stats()).contacts < others.length) {
    await setTimeout(100);
    await server.findNode(server.id);
  }
}
say({ msg: "listening", address: attacked.address, others: others.map(({ address }) => address) });
process.once("SIGTERM", () => {
  void attacked
    .stats()
    .then((stats) => say({ msg: "stats", ...stats }))
    .then(() => Promise.all([attacked, ...others].map((server) => server.stop())))
    .finally(() => process.disconnect?.());
});
