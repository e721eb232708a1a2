/**
 * What the ciphers of WASM are worth where they serve: whole exchanges of a client and a node, sealed by both, against
 * the same on a Node without WebAssembly, where node:crypto and noble do what the modules did. Each pair has a process
 * of its own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { INPUTS } from "../../lib/cell.mjs";

/** Of a piece of work. */
const EXCHANGES = 32;

export const cells = ["aes128Coin", "aes256Coin"].flatMap((type) => [cellOf("UDP", type), cellOf("memory", type)]);

function cellOf(network, type) {
  const open = (execArgv) => async () => {
    const child = fork(new URL("pair.mjs", import.meta.url), [network, type], { execArgv });
    await once(child, "message");
    return {
      exchange: (count, done) => {
        child.once("message", done);
        child.send(count);
      },
      close: async () => {
        const ended = once(child, "exit");
        child.disconnect();
        await ended;
      },
    };
  };
  return {
    name: `sealed get_ticket, ${type}, ${network}`,
    each: EXCHANGES,
    inFlight: 1,
    inputs: Array(INPUTS).fill(EXCHANGES),
    plain: (tickets) => tickets,
    candidates: [
      { name: "specwire", ours: true, open: open([]) },
      { name: "without WebAssembly", open: open(["--no-expose-wasm"]) },
    ],
  };
}
