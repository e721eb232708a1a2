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

/** What was seen at one time. */
interface Looked {
  readonly rows: readonly Row[];
  readonly atMs: number;
}

/** Adds the command. */
export function addStatus(group: Command): void {
  addAsking(
    group
      .command("status")
      .description("show each member of the cluster; exit 1 if none leads, or one does not answer"),
  )
    .option("--watch", "show it again and again, until SIGINT")
    .option("--interval <ms>", "time between two times", integer(50, 3_600_000), 1_000)
    .addHelpText(
      "after",
      "\nExamples:\n  specwire raft status --watch\n  specwire raft status --json     # with counters and latencies",
    )
    .action(status);
}

async function status(options: Options): Promise<void> {
  const { watch: isWatched = false, interval, json } = options;
  let before: Looked | undefined;
  await asClient(options, async (client, bounds, cluster) => {
    for (;;) {
      const rows = await rowsOf(client, bounds, cluster);
      if (bounds.signal.aborted) return;
      if (json === true) console.log(JSON.stringify(rows));
      else {
        // A terminal shows one table that changes, a file all of them.
        if (isWatched && process.stdout.isTTY) process.stdout.write("\u001B[H\u001B[2J");
        const looked = { rows, atMs: performance.now() };
        for (const line of [...linesOf(rows), ...rateLines(looked, before)]) console.log(line);
        before = looked;
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
  // A member that was removed may never learn it: what the leader says counts, of two that of the later term.
  const leading = rows.flatMap((row) => ("status" in row && isLeading(row) ? [row.status] : []));
  const inForce = leading.toSorted((a, b) => b.term - a.term)[0]?.config;
  const cells = rows.map((row) => {
    if ("error" in row) return ["?", row.address, row.error];
    const { member, role, term, leader, commit, applied, stored, first, last, config } = row.status;
    const kind = config === null ? "none" : kindOf(member, inForce ?? config);
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
  const times = rows.flatMap((row) => {
    if (!("status" in row)) return [];
    const { member, latencies } = row.status;
    const parts = Object.entries(latencies).flatMap(([name, { p50Ms, p99Ms }]) =>
      p50Ms === undefined || p99Ms === undefined ? [] : [`${name} ${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)} ms`],
    );
    return parts.length === 0 ? [] : [`  p50 / p99 of ${member}: ${parts.join(", ")}`];
  });
  return [
    ...table.map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    ),
    ...progress,
    ...times,
  ];
}

function kindOf(member: number, config: NonNullable<RaftStatus["config"]>): string {
  if (config.voters.includes(member)) return "voter";
  return config.learners.includes(member) ? "learner" : "removed";
}

/** What has happened since the last time, in a second. */
function rateLines({ rows, atMs }: Looked, before: Looked | undefined): string[] {
  if (before === undefined) return [];
  const commits = (all: readonly Row[]): number => Math.max(0, ...all.map((row) => commitIn(row)));
  const rate = (1_000 * (commits(rows) - commits(before.rows))) / (atMs - before.atMs);
  return [`  ${Math.max(0, rate).toFixed(0)} commits a second`];
}

function commitIn(row: Row): number {
  return "status" in row ? row.status.commit : 0;
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
