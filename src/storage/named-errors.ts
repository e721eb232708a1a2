/** Errors of files with the path that they are about. */
import { WireError } from "../errors.js";

/** Does some work; an error of the system becomes a WireError `storage` with the path. */
export async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause) || cause instanceof WireError) throw cause;
    throw new WireError({ code: "storage", format: "file", path, actual: String(cause.code) }, { cause });
  }
}
