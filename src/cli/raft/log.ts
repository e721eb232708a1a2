/** The command `raft log`: the records in the folder of a member that does not run. */
import { readdirSync } from "node:fs";
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import {
  decodeBeginBody,
  decodeClusterConfig,
  decodeEntriesBody,
  decodeHardBody,
  decodeMarkBody,
  EntryType,
  RecordType,
} from "../../codec/gen/raft/index.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import type { Disk } from "../../machine/index.js";
import { readIdentity, readLog } from "../../protocols/raft/offline/read-log.js";
import { openSegmentDisk } from "../../storage/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { TAKE_LOCK } from "../options.js";

/** Adds the command. */
export function addLog(group: Command): void {
  group
    .command("log")
    .description("print the records in the folder of a member that does not run; exit 1 on damage")
    .argument("<folder>", "the folder of raft serve --data")
    .option("--take-lock", TAKE_LOCK)
    .option("--json", "print each record as a line of JSON")
    .addHelpText("after", "\nExample:\n  specwire raft log data1")
    .action(async (folder: string, { json = false, takeLock = false }: { json?: boolean; takeLock?: boolean }) => {
      if (!hasSegments(folder)) throw argumentError("raft", "folder", "the folder of a member", JSON.stringify(folder));
      const disk = await openSegmentDisk({ folder, takeLock });
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

/** Whether a disk was kept there. To open one would make the folder of its lock in any other. */
export function hasSegments(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith(".seg"));
  } catch {
    return false;
  }
}

type Shown = Readonly<Record<string, unknown>> & { readonly record: string };

async function print(disk: Disk, isJson: boolean): Promise<void> {
  const show = (shown: Shown): void => console.log(isJson ? JSON.stringify(shown) : lineOf(shown));
  const identity = await readIdentity(disk);
  if (identity === undefined) {
    throw new WireError({
      code: "storage",
      format: "raft",
      path: "id",
      expected: "the record of a member",
      actual: "none",
    });
  }
  const { clusterId, member, life } = identity;
  show({ record: "identity", cluster: toHex(clusterId), member, life: life.toString(16).padStart(16, "0") });
  const log = await readLog(disk, ({ type, body, segment, at }) => {
    for (const shown of shownOf(type, body)) show({ ...shown, segment: String(segment).padStart(8, "0"), at });
  });
  const { term, vote, commit } = log.hard;
  show({ record: "end", first: log.prev.index + 1, last: log.last, term, vote, commit });
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
