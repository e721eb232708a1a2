/** The commands `dps status`, each server of a cluster in a line, and `dps backup`. */
import type { Command } from "commander";
import { isWireError } from "../../errors.js";
import type { RaftStatus } from "../../protocols/raft/node.js";
import { EXIT_NO } from "../exit-codes.js";
import { aboutServer, addAsking, asClient, type AskOptions, type ClientWork } from "./common.js";
import { addressesIn } from "./config.js";

/** A server, or why it does not answer. */
type Row = { readonly address: string } & ({ readonly status: RaftStatus } | { readonly error: string });

/** Adds the command `backup`. */
export function addBackup(group: Command): void {
  addAsking(
    group.command("backup").description("begin a backup of all records in the chain, and not wait until it is due"),
    10_000,
  )
    .addHelpText("after", "\nExample:\n  specwire dps backup --config dps1.toml")
    .action(async (options: AskOptions) => {
      process.exitCode = await asClient(options, async ({ client, bounds, say }) => {
        const index = await client.backup(bounds);
        say(`all members freeze their state at index ${index}`);
        if (options.json === true) console.log(JSON.stringify({ index }));
        return 0;
      });
    });
}

/** Adds the command `status`. */
export function addStatus(group: Command): void {
  addAsking(
    group
      .command("status")
      .description(
        "show each server of the cluster, with --json its counters too; exit 1 if none leads, or one does not answer",
      ),
    10_000,
  )
    .addHelpText("after", "\nExample:\n  specwire dps status --config dps1.toml --json")
    .action(async (options: AskOptions) => {
      process.exitCode = await asClient(options, (work) => status(work, options));
    });
}

async function status(work: ClientWork, { json }: AskOptions): Promise<number> {
  const rows = await rowsOf(work);
  if (json === true) console.log(JSON.stringify(rows));
  else for (const line of linesOf(rows)) console.log(line);
  return rows.every((row) => "status" in row) && rows.some(isLeading) ? 0 : EXIT_NO;
}

/** All servers: those of the file, and the members that they name. */
async function rowsOf(work: ClientWork): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let asked = [...addressesIn(work.config)];
  while (asked.length > 0) {
    const found = await Promise.all(asked.map((address) => rowOf(work, address)));
    for (const row of found) rows.set(row.address, row);
    const named = found.flatMap((row) => ("status" in row ? Object.values(row.status.addresses) : []));
    asked = [...new Set(named)].filter((address) => address !== "" && !rows.has(address));
  }
  return [...rows.values()].toSorted((a, b) => memberIn(a) - memberIn(b));
}

async function rowOf({ client, bounds }: ClientWork, address: string): Promise<Row> {
  try {
    return { address, status: await client.status(address, bounds) };
  } catch (error) {
    if (!isWireError(error) || error.code === "cancelled") throw error;
    return { address, error: error.code };
  }
}

const COLUMNS = ["member", "address", "role", "term", "leader", "commit", "applied", "files", "chunks", "blocks"];

function linesOf(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => {
    if ("error" in row) return ["?", row.address, row.error];
    const { member, role, term, leader, commit, applied } = row.status;
    const { chain, counters = {} } = aboutServer(row.status);
    const own = [counters["files_now"], counters["dht_values_now"], chain && chain.height + 1].map((one) => one ?? "?");
    return [member, row.address, role, term, leader, commit, applied, ...own].map(String);
  });
  const table = [COLUMNS, ...cells];
  const widths = COLUMNS.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0)));
  return table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

function isLeading(row: Row): boolean {
  return "status" in row && row.status.role === "Leader";
}

function memberIn(row: Row): number {
  return "status" in row ? row.status.member : Infinity;
}
