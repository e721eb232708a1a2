/** The names of the files of a log. */
import type { FileSystem } from "../files.js";
import { STORE_FOLDER } from "../store-folder.js";

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
