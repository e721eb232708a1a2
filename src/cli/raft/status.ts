/** The command `raft status`: each member of a cluster in a line, once or again and again. */
import type { Command } from "commander";
import { isWireError } from "../../errors.js";
import type { RaftClient, RaftStatus } from "../../protocols/raft/node.js";
import { EXIT_NO } from "../exit-codes.js";
import { integer } from "../options.js";
import { addAsking, asClient, type AskBounds, type AskOptions } from "./common.js";
import type { ClusterFile } from "./config.js";

interface Options extends AskOptions {
  readonly watch?: boolean;
  readonly interval: number;
}

/** A member, or why it does not answer. */
type Row = { readonly address: string } & ({ readonly status: RaftStatus } | { readonly error: string });

/** Adds the command. */
export function addStatus(group: Command): void {
  addAsking(
    group
      .command("status")
      .description("show each member of the cluster; exit 1 if none leads, or one does not answer"),
  )
    .option("--watch", "show it again and again, until SIGINT")
    .option("--interval <ms>", "time between two times", integer(50, 3_600_000), 1_000)
    .addHelpText("after", "\nExample:\n  specwire raft status --watch")
    .action(status);
}

async function status(options: Options): Promise<void> {
  const { watch: isWatched = false, interval, json } = options;
  await asClient(options, async (client, bounds, cluster) => {
    for (;;) {
      const rows = await rowsOf(client, bounds, cluster);
      if (bounds.signal.aborted) return;
      if (json === true) console.log(JSON.stringify(rows));
      else {
        // A terminal shows one table that changes, a file all of them.
        if (isWatched && process.stdout.isTTY) process.stdout.write("\u001B[H\u001B[2J");
        for (const line of linesOf(rows)) console.log(line);
      }
      const isWell = rows.every((row) => "status" in row) && rows.some(isLeading);
      if (!isWatched) {
        if (!isWell) process.exitCode = EXIT_NO;
        return;
      }
      await pause(interval, bounds.signal);
      if (bounds.signal.aborted) return;
    }
  });
}

/** All members: those of the file, and those that they name. */
async function rowsOf(client: RaftClient, bounds: AskBounds, { members }: ClusterFile): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let asked = members.map(({ address }) => address);
  while (asked.length > 0) {
    const found = await Promise.all(asked.map((address) => rowOf(client, address, bounds)));
    for (const row of found) rows.set(row.address, row);
    const named = found.flatMap((row) => ("status" in row ? Object.values(row.status.addresses) : []));
    asked = [...new Set(named)].filter((address) => address !== "" && !rows.has(address));
  }
  return [...rows.values()].toSorted((a, b) => memberIn(a) - memberIn(b));
}

async function rowOf(client: RaftClient, address: string, bounds: AskBounds): Promise<Row> {
  try {
    return { address, status: await client.status(address, bounds) };
  } catch (error) {
    if (!isWireError(error)) throw error;
    return { address, error: error.code };
  }
}

function linesOf(rows: readonly Row[]): string[] {
  const head = ["member", "address", "role", "term", "leader", "commit", "applied", "stored", "first", "last", "vote"];
  const cells = rows.map((row) => {
    if ("error" in row) return ["?", row.address, row.error];
    const { member, role, term, leader, commit, applied, stored, first, last, config } = row.status;
    const kind = config === null ? "none" : config.voters.includes(member) ? "voter" : "learner";
    return [member, row.address, role, term, leader, commit, applied, stored, first, last, kind].map(String);
  });
  const table = [head, ...cells];
  const widths = head.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0)));
  const progress = rows.flatMap((row) => {
    if (!("status" in row)) return [];
    return Object.entries(row.status.progress ?? {}).map(
      ([member, { state, match, inflight, paused }]) =>
        `  to ${member}: ${state}, up to ${match}, ${row.status.last - match} behind, ${inflight} in flight${paused ? ", paused" : ""}`,
    );
  });
  return [
    ...table.map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    ),
    ...progress,
  ];
}

function isLeading(row: Row): boolean {
  return "status" in row && row.status.role === "Leader";
}

function memberIn(row: Row): number {
  return "status" in row ? row.status.member : Infinity;
}

/** Waits, or until the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
