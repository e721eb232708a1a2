/** Opens a folder of pages whose log is damaged, for those who accept the loss. */
import { WireError } from "../../errors.js";
import { nodeFiles } from "../node-files.js";
import { openUnless, type PageFileDiskOptions } from "./disk.js";
import type { LogContent, LogLoss } from "./log-reading.js";

export interface PageRepairOptions extends Pick<PageFileDiskOptions, "folder" | "layout" | "files" | "takeLock"> {
  /** Whether what is damaged may go; by default it is only told, and nothing is changed. */
  readonly acceptLoss?: boolean;
}

/** What a damaged log has lost. */
export interface PageRepair {
  /** In the order of the log; none of a log that is whole. */
  readonly losses: readonly LogLoss[];
  /** Stores that are lost, as the numbers of those about them tell. */
  readonly storesLost: number;
  /** Whether it may be more: damage at an end of the log does not tell how many it held. */
  readonly maybeMore: boolean;
  /** Stores that the log still has, and that have been carried out unless nothing was to be changed. */
  readonly storesKept: number;
}

/**
 * Tells what is damaged in the log of a folder that no disk has open, and with `acceptLoss` carries out all of the log
 * that is whole, also behind the damage, and removes it. A store that is lost may have been acknowledged; each of the
 * others is there whole, and a later one may have been made by one who knew of it.
 * @throws WireError `storage` when the disk or another process is in the way, `argument` when there is no such folder
 */
export async function repairPageFiles(options: PageRepairOptions): Promise<PageRepair> {
  const { acceptLoss = false, ...rest } = options;
  const { folder, files = nodeFiles(folder) } = rest;
  if ((await files.list("")).length === 0) {
    const [code, format, path] = ["argument", "repair", "folder"] as const;
    throw new WireError({ code, format, path, offset: 0, expected: "a folder with pages", actual: folder });
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

const UNCHANGED = new Error("nothing is to be changed");
