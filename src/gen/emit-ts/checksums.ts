/** Emits calls of checksums. */
import type { Checksum } from "../ir.js";
import { less, pos, type Cursor } from "./code.js";
import type { Scope } from "./form.js";

/** From as many bytes on, CRC-32 is left to Node.js: `NODE_BYTES_MIN` in `src/codec/long-crc32.ts`. */
const LONG_BYTES_MIN = 512;

/** Bytes that a checksum covers: from where to where, and how many, an expression where the value decides. */
export interface Span {
  readonly start: string;
  readonly end: string;
  readonly size: number | string;
}

/** The span between two cursors. */
export function spanOf(from: Cursor, to: Cursor): Span {
  const [start, end] = [pos(from), pos(to)];
  return { start, end, size: from.base === to.base ? to.add - from.add : less(end, start) };
}

/**
 * A CRC-32 of so many bytes. The choice stands where the bytes are read: V8 puts the loop over the tables there, and
 * where the function of the runtime chooses it does so by luck, which is a tenth of the cell of PNG.
 */
export function crc32Of(scope: Scope, size: number | string, args: string): string {
  if (typeof size === "number") return `${scope.use(size < LONG_BYTES_MIN ? "crc32" : "longCrc32")}(${args})`;
  return `(${size} < ${LONG_BYTES_MIN} ? ${scope.use("crc32")}(${args}) : ${scope.use("longCrc32")}(${args}))`;
}

/** The value of a checksum over a span. @param field where the checksum itself lies */
export function checksumOf(sum: Checksum, scope: Scope, { start, end, size }: Span, field: string): string {
  if (sum.name === "crc16")
    return `${scope.use("crc16")}(bytes, ${start}, ${end}, ${sum.poly}, ${sum.init}, ${sum.reflect}, ${sum.xor})`;
  if (sum.name === "internet") return `${scope.use("internetChecksum")}(bytes, ${start}, ${end}, ${field})`;
  if (sum.name === "crc32") return crc32Of(scope, size, `bytes, 0, ${start}, ${end}`);
  return `${scope.use(sum.name)}(bytes, ${start}, ${end})`;
}
