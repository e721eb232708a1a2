/** Three members in processes of their own: ours, or those of the quorum log by hand; what they hold in the end. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** Time for members to hold the same. */
const EQUAL_MS = 20_000;
/** The heap of members grows as that of `specwire raft serve` does (src/cli/heap-growth.ts); of both kinds alike. */
const HEAP_GROWTH = "--heap-growing-percent=300";

/** Addresses at which nobody listens. */
export async function freeAddresses(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const addresses = servers.map((server) => `127.0.0.1:${server.address().port}`);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return addresses;
}

/** A folder that `remove` removes. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "specwire-bench-raft-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts three members.
 * @param {"raft" | "hand"} kind
 * @param {boolean} isDurable false keeps everything in memory
 * @param {{ spare?: number }} [more] addresses for members that join later
 */
export async function startCluster(kind, isDurable, { spare = 0 } = {}) {
  const { folder, remove } = newFolder();
  const addresses = await freeAddresses(3 + spare);
  const founders = addresses.slice(0, 3);
  const program = new URL(`${kind}-member.mjs`, import.meta.url);
  const start = async (i) => {
    const about = {
      member: i + 1,
      addresses: founders,
      listen: addresses[i],
      folder: isDurable ? join(folder, String(i + 1)) : undefined,
    };
    const child = fork(program, [JSON.stringify(about)], { execArgv: [...process.execArgv, HEAP_GROWTH] });
    await once(child, "message");
    return child;
  };
  const children = await Promise.all(founders.map((_, i) => start(i)));
  const ask = async (child) => {
    const answer = once(child, "message");
    child.send("state");
    return (await answer)[0];
  };
  return {
    addresses,
    children,
    restart: async (i) => void (children[i] = await start(i)),
    /** Starts a member that waits to be added. */
    join: async (i) => void (children[i] = await start(i)),
    /** Waits until all members have applied as many commands, and hold the same. @throws if they never do */
    async requireEqual(commands) {
      for (const end = performance.now() + EQUAL_MS; ;) {
        const states = await Promise.all(children.map(ask));
        if (states.every((state) => isDeepStrictEqual(state, states[0]) && state.commands === commands)) return;
        if (performance.now() > end) throw new Error(`${kind}: ${commands} commands, ${JSON.stringify(states)}`);
      }
    },
    async close() {
      const ended = children.map((child) => (child.exitCode === null ? once(child, "exit") : undefined));
      for (const child of children) if (child.connected) child.disconnect();
      await Promise.all(ended);
      remove();
    },
  };
}
