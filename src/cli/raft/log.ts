/** The command `raft log`: the records in the folder of a member that does not run. */
import { statSync } from "node:fs";
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import {
  decodeBeginBody,
  decodeClusterConfig,
  decodeEntriesBody,
  decodeHardBody,
  decodeIdentityRecord,
  decodeMarkBody,
  EntryType,
  RecordType,
} from "../../codec/gen/raft/index.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import type { Disk, DiskRead, DiskValue } from "../../machine/index.js";
import { LogImage } from "../../protocols/raft/index.js";
import { readBegin, replay, takeRecord } from "../../protocols/raft/disk/records.js";
import { LOG_PREFIX } from "../../protocols/raft/disk/segments.js";
import { openSegmentDisk } from "../../storage/index.js";
import { EXIT_NO } from "../exit-codes.js";

/** Adds the command. */
export function addLog(group: Command): void {
  group
    .command("log")
    .description("print the records in the folder of a member that does not run; exit 1 on damage")
    .argument("<folder>", "the folder of raft serve --data")
    .option("--json", "print each record as a line of JSON")
    .addHelpText("after", "\nExample:\n  specwire raft log data1")
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw argumentError("raft", "folder", "a folder", JSON.stringify(folder));
      }
      const disk = await openSegmentDisk({ folder });
      try {
        await print(disk, json);
      } catch (error) {
        // Whatever cannot be read is what was asked about.
        if (!isWireError(error)) throw error;
        console.error(`specwire: ${error.message}`);
        process.exitCode = EXIT_NO;
      } finally {
        await disk.close();
      }
    });
}

type Shown = Readonly<Record<string, unknown>> & { readonly record: string };

async function print(disk: Disk, isJson: boolean): Promise<void> {
  const show = (shown: Shown): void => console.log(isJson ? JSON.stringify(shown) : lineOf(shown));
  const identity = await whole(disk, "raft/id");
  if (identity === undefined) throw new WireError({ code: "storage", format: "raft", path: "raft/id" });
  const { clusterId, member, life } = decodeIdentityRecord(identity.bytes!);
  show({ record: "identity", cluster: toHex(clusterId), member, life: life.toString(16).padStart(16, "0") });
  const log = new LogImage();
  const keys = await listed(disk, LOG_PREFIX);
  let current = keys[0] === undefined ? undefined : await loaded(disk, { key: keys[0] });
  for (const [i, key] of keys.entries()) {
    const next = keys[i + 1] === undefined ? undefined : await loaded(disk, { key: keys[i + 1]! });
    const bytes = valid(key, current!, next?.bytes === undefined ? undefined : readBegin(next.bytes).prevBytes);
    for (let at = 0; at < bytes.length;) {
      const { type, body, end } = takeRecord(bytes, at);
      for (const shown of shownOf(type, body)) show({ ...shown, segment: key.slice(LOG_PREFIX.length), at });
      at = end;
    }
    replay(bytes, log, Number(key.slice(LOG_PREFIX.length)), i === 0);
    current = next;
  }
  const { term, vote, commit } = log.hard;
  show({ record: "end", first: log.prev.index + 1, last: log.last, term, vote, commit });
}

/** The bytes of a segment that count. @throws WireError `storage` if some of them are damaged */
function valid(key: string, { bytes, badAt }: DiskValue, prevBytes: number | undefined): Uint8Array {
  const size = prevBytes ?? bytes?.length ?? 0;
  if (bytes === undefined || bytes.length < size || (badAt ?? Infinity) < (prevBytes ?? Infinity)) {
    throw new WireError({ code: "storage", format: "raft_log", path: key, offset: badAt ?? bytes?.length ?? 0 });
  }
  return bytes.subarray(0, size);
}

function shownOf(type: RecordType, body: Uint8Array): Shown[] {
  switch (type) {
    case RecordType.begin: {
      const { prevBytes, prevIndex, prevTerm } = decodeBeginBody(body);
      return [{ record: "begin", prevBytes, prevIndex, prevTerm }];
    }
    case RecordType.hard: {
      const { term, vote, commit, abstain } = decodeHardBody(body).hard;
      return [{ record: "hard", term, vote, commit, abstain }];
    }
    case RecordType.entries: {
      const { first, entries } = decodeEntriesBody(body);
      return entries.map(({ term, entryType, data }, i) => {
        const [name = String(entryType)] = Object.entries(EntryType).find(([, number]) => number === entryType) ?? [];
        const members = entryType === EntryType.config && decodeClusterConfig(data).members.map(({ member }) => member);
        return { record: "entry", index: first + i, term, type: name, bytes: data.length, ...(members && { members }) };
      });
    }
    case RecordType.mark: {
      const { lastIndex, lastTerm, sizeBytes, snapshotSha256, dropLog } = decodeMarkBody(body);
      return [{ record: "snapshot", lastIndex, lastTerm, sizeBytes, sha256: toHex(snapshotSha256), dropLog }];
    }
  }
}

function lineOf({ record, ...values }: Shown): string {
  return [record, ...Object.entries(values).map(([name, value]) => `${name} ${String(value)}`)].join("  ");
}

async function whole(disk: Disk, key: string): Promise<DiskValue | undefined> {
  const value = await loaded(disk, { key });
  if (value.badAt !== undefined) {
    throw new WireError({ code: "storage", format: "raft", path: key, offset: value.badAt });
  }
  return value.bytes === undefined ? undefined : value;
}

function loaded(disk: Disk, read: DiskRead): Promise<DiskValue> {
  return new Promise((resolve, reject) =>
    disk.load(read, (outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)))),
  );
}

function listed(disk: Disk, prefix: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) =>
    disk.list(prefix, (outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)))),
  );
}
