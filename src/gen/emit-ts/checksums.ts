/** Emits calls of checksums. */
import type { Checksum } from "../ir.js";
import type { Scope } from "./form.js";

/** The value of a checksum over `[start, end)`. @param field where the checksum itself lies */
export function checksumOf(sum: Checksum, scope: Scope, start: string, end: string, field: string): string {
  if (sum.name === "crc16")
    return `${scope.use("crc16")}(bytes, ${start}, ${end}, ${sum.poly}, ${sum.init}, ${sum.reflect}, ${sum.xor})`;
  if (sum.name === "internet") return `${scope.use("internetChecksum")}(bytes, ${start}, ${end}, ${field})`;
  if (sum.name === "crc32") return `${scope.use("crc32")}(bytes, 0, ${start}, ${end})`;
  return `${scope.use(sum.name)}(bytes, ${start}, ${end})`;
}
