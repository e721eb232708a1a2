/** The folder that a disk keeps beside its values, for its lock and what is not finished. */

export const STORE_FOLDER = ".store";
/** The lock of the process that has the folder open. */
export const LOCK = `${STORE_FOLDER}/lock`;
