/** The commands `dht ping`, `find-node`, `find-value`, `store` and `table`: a server for as long as one question takes. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { ValueKind } from "../../protocols/dht/index.js";
import { startDhtServer } from "../../protocols/dht/node.js";
import { readBytes } from "../input.js";
import { integer } from "../options.js";
import { addQueryOptions, asServer, hexOf, idOf, jsonOf, serverLine, type QueryOptions } from "./common.js";
import { tableLines } from "./table-lines.js";

/** Adds the command `ping` to its group. */
export function addPing(group: Command): void {
  group
    .command("ping")
    .description("ask a server for its id, and measure the time until it answers")
    .argument("<host:port>", "any server")
    .option("--timeout <ms>", "time for the answer", integer(1, 3_600_000), 5_000)
    .option("--json", "print JSON")
    .action(async (address: string, { timeout: timeoutMs, json }: { timeout: number; json?: boolean }) => {
      const server = await startDhtServer({
        listen: "0.0.0.0:0",
        isClient: true,
        allowLoopback: true,
        allowPrivate: true,
      });
      try {
        const { id, rttMs } = await server.ping(address, { timeoutMs });
        console.log(json === true ? jsonOf({ id, address, rttMs }) : serverLine({ id, address, rttMs }));
      } finally {
        await server.stop();
      }
    });
}

/** Adds the command `find-node` to its group. */
export function addFindNode(group: Command): void {
  addQueryOptions(
    group.command("find-node").description("find the servers nearest to an id").argument("<id>", "40 hex digits"),
  ).action(async (text: string, options: QueryOptions) => {
    const target = idOf("id", text);
    await asServer(options, async (server, bounds) => {
      const { servers, rpcs, ms } = await server.search(target, bounds);
      if (options.json === true) return console.log(jsonOf({ servers, rpcs, ms }));
      for (const found of servers) console.log(serverLine(found));
      console.log(`${servers.length} servers, ${rpcs} requests, ${ms.toFixed(0)} ms`);
    });
  });
}

interface FindValueOptions extends QueryOptions {
  readonly sha256?: string;
  readonly out?: string;
}

/** Adds the command `find-value` to its group. */
export function addFindValue(group: Command): void {
  addQueryOptions(
    group
      .command("find-value")
      .description("find the value under a key, and write it to standard output")
      .argument("<key>", "40 hex digits")
      .option("--sha256 <hash>", "SHA-256 of the value, 64 hex digits; others are not wanted")
      .option("--out <file>", "write it to a file"),
  ).action(async (text: string, options: FindValueOptions) => {
    const key = idOf("key", text);
    const sha256 = options.sha256 === undefined ? undefined : hexOf("sha256", options.sha256, 32);
    await asServer(options, async (server, bounds) => {
      const { value, facts, from, isProven } = await server.findValue(key, { ...bounds, ...(sha256 && { sha256 }) });
      const { valueKind, ttlSeconds, ageSeconds, publisher, dataSha256 } = facts;
      const kind = Object.entries(ValueKind).find(([, number]) => number === valueKind)?.[0];
      const about = { bytes: value.length, kind, ttlSeconds, ageSeconds, publisher, sha256: dataSha256, isProven };
      if (options.out !== undefined) await writeFile(options.out, value);
      if (options.json === true)
        return console.log(jsonOf({ ...about, from: from.address, ...(options.out === undefined && { value }) }));
      if (options.out === undefined) return void process.stdout.write(value);
      console.log(`${value.length} bytes from ${from.address}${isProven ? "" : ", not proven"}`);
    });
  });
}

interface StoreOptions extends QueryOptions {
  readonly key?: string;
  readonly ttlSeconds?: number;
  readonly copies?: number;
}

/** Adds the command `store` to its group. */
export function addStore(group: Command): void {
  addQueryOptions(
    group
      .command("store")
      .description("store a value at the servers nearest to its key, and print the key")
      .argument("<value>", "hex digits, a file, or - for standard input")
      .option("--key <key>", "40 hex digits; by default SHA-1 of the value, which then proves itself")
      .option("--ttl-seconds <n>", "time to live", integer(1, 172_800))
      .option("--copies <n>", "servers that have to store it; by default half of those that could", integer(1, 1_000)),
  ).action(async (argument: string, { key, ttlSeconds, copies, ...options }: StoreOptions) => {
    const value = readBytes(argument);
    const how = {
      ...(key !== undefined && { key: idOf("key", key) }),
      ...(ttlSeconds !== undefined && { ttlSeconds }),
      ...(copies !== undefined && { copiesMin: copies }),
    };
    await asServer(options, async (server, bounds) => {
      const stored = await server.store(value, { ...bounds, ...how });
      if (options.json === true) return console.log(jsonOf(stored));
      console.log(toHex(stored.key));
      console.log(`stored at ${stored.stored} servers, refused by ${stored.refused}`);
    });
  });
}

/** Adds the command `table` to its group. */
export function addTable(group: Command): void {
  addQueryOptions(
    group
      .command("table")
      .description("look up an id of its own, as a new server does, and show whom it met, by bucket"),
  ).action(async (options: QueryOptions) => {
    await asServer(options, async (server, bounds) => {
      await server.findNode(server.id, bounds);
      const buckets = await server.contacts();
      if (options.json === true) return console.log(jsonOf(buckets));
      for (const line of tableLines(buckets)) console.log(line);
    });
  });
}
