/** The names of the files that a disk keeps beside its pages. */
import type { FileSystem } from "../files.js";

/** The folder of the log, the lock and unfinished page files. */
export const STORE_FOLDER = ".store";
/** The lock of the process that has the folder open. */
export const LOCK = `${STORE_FOLDER}/lock`;
/** A file of the log; the digits count from 1 each time the disk is opened. */
const LOG_NAME = /^\d{8}\.log$/;

export function logName(number: number): string {
  return `${String(number).padStart(8, "0")}.log`;
}

export function logPath(number: number): string {
  return `${STORE_FOLDER}/${logName(number)}`;
}

/** The numbers of the log files, in ascending order. @throws WireError `storage` */
export async function logNumbers(files: Pick<FileSystem, "list">): Promise<readonly number[]> {
  const names = (await files.list(STORE_FOLDER)).filter((name) => LOG_NAME.test(name));
  return names.map((name) => parseInt(name, 10)).sort((a, b) => a - b);
}
