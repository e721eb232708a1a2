/** Repairs a folder of pages whose log is damaged, if the loss is accepted. */
import { argumentError } from "../../errors.js";
import { nodeFiles } from "../node-files.js";
import { openUnless, type PageFileDiskOptions } from "./disk.js";
import type { LogContent, LogLoss } from "./log-reader.js";

/** The options of {@link repairPageFiles}. */
export interface PageRepairOptions extends Pick<PageFileDiskOptions, "folder" | "layout" | "files" | "takeLock"> {
  /** Whether to give up what is damaged. Default false: it is only reported, and nothing changes. */
  readonly acceptLoss?: boolean;
}

/** What a damaged log has lost, and what it still holds. */
export interface PageRepair {
  /** In the order of the log; empty for an intact log. */
  readonly losses: readonly LogLoss[];
  /** Number of lost stores, as far as the numbers of the others tell. */
  readonly storesLost: number;
  /** More stores may be lost: damage at an end of the log does not tell how many stores it held. */
  readonly maybeMore: boolean;
  /** Number of stores that the log still holds; with `acceptLoss` they have been applied. */
  readonly storesKept: number;
}

/**
 * Reports what is damaged in the log of a folder that no disk has open. With `acceptLoss` it applies every intact
 * record, also behind the damage, and removes the log. A lost store may have been acknowledged, and a later store,
 * which is kept whole, may build on it.
 * @throws WireError `storage` if the file system fails or another process has the folder, `argument` if it is missing
 */
export async function repairPageFiles(options: PageRepairOptions): Promise<PageRepair> {
  const { acceptLoss = false, ...rest } = options;
  const { folder, files = nodeFiles(folder) } = rest;
  if ((await files.list("")).length === 0) {
    throw argumentError("repair", "folder", "a folder with pages", folder);
  }
  let found: LogContent | undefined;
  try {
    const disk = await openUnless({ ...rest, files }, (content) => {
      found = content;
      if (!acceptLoss) throw UNCHANGED;
    });
    await disk.close();
  } catch (error) {
    if (error !== UNCHANGED) throw error;
  }
  const { groups, losses, storesLost, maybeMore } = found!;
  return { losses, storesLost, maybeMore, storesKept: groups.length };
}

/** Ends a repair that only reports. */
const UNCHANGED = new Error("nothing is to be changed");
