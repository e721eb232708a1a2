/** Beside the pages: the log, the lock, and files that are being written. */
export const HIDDEN_FOLDER = ".store";
/** Who has the folder open. */
export const LOCK = `${HIDDEN_FOLDER}/lock`;
/** A file of the log; the digits count up from 1 from the moment in which the disk is opened. */
export const LOG_NAME = /^\d{8}\.log$/;

export function logName(number: number): string {
  return `${String(number).padStart(8, "0")}.log`;
}

export function logPath(number: number): string {
  return `${HIDDEN_FOLDER}/${logName(number)}`;
}
