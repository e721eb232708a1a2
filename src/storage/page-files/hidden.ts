/** Names in the folder of a store: the log, the lock, and files that are being written, beside the pages. */
import type { FileSystem } from "../files.js";

/** Beside the pages: the log, the lock, and files that are being written. */
export const HIDDEN_FOLDER = ".store";
/** Who has the folder open. */
export const LOCK = `${HIDDEN_FOLDER}/lock`;
/** A file of the log; the digits count up from 1 from the moment in which the disk is opened. */
const LOG_NAME = /^\d{8}\.log$/;

export function logName(number: number): string {
  return `${String(number).padStart(8, "0")}.log`;
}

export function logPath(number: number): string {
  return `${HIDDEN_FOLDER}/${logName(number)}`;
}

/** The numbers of the log files that are there, the lowest first. @throws WireError `storage` */
export async function logNumbers(files: Pick<FileSystem, "list">): Promise<readonly number[]> {
  const names = (await files.list(HIDDEN_FOLDER)).filter((name) => LOG_NAME.test(name));
  return names.map((name) => parseInt(name, 10)).sort((a, b) => a - b);
}
