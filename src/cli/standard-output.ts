/** Writing bytes to standard output, at the pace of its reader. */
import { once } from "node:events";
import { WireError } from "../errors.js";

/**
 * Writes bytes, and waits where the reader does not keep up, until the signal is aborted.
 * @throws WireError `cancelled` once the signal is aborted
 */
export async function writeOutput(bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
  for await (const part of bytes) {
    if (process.stdout.write(part)) continue;
    try {
      await once(process.stdout, "drain", { ...(signal && { signal }) });
    } catch (cause) {
      if (signal?.aborted !== true) throw cause;
      const actual = String(signal.reason);
      throw new WireError({ code: "cancelled", format: "output", path: "", actual }, { cause });
    }
  }
}
