/** The key `-derive`: what the value of an integer follows from. */
import { parseExpression } from "../expression.js";
import type { Checksum, Derive } from "../ir.js";
import { Keys } from "../keys.js";
import type { Source } from "../source.js";

/** Checksums that a name alone describes. */
const SUMS = ["crc32", "adler32", "sum8", "xor8", "internet"] as const;

const UINT16_MAX = 0xffff;

/** The bytes that a checksum has. */
export function sizeOfChecksum({ name }: Checksum): number {
  if (name === "sum8" || name === "xor8") return 1;
  return name === "crc16" || name === "internet" ? 2 : 4;
}

/**
 * `sizeof(a)`, `sizeof(a) + 1`, `crc32(a)`, `crc32(a, b)` from one field to another, `crc32()` of all that stands before
 * the field; or a map that describes a CRC of 16 bits.
 */
export function deriveOf(source: Source): Derive {
  if (source.isMap) return crc16Of(new Keys(source));
  const e = parseExpression(source);
  if (e.op === "call" && e.name === "sizeof" && e.arguments.length === 1)
    return { from: "extent", of: e.arguments[0]!, minus: 0, times: 1 };
  if (e.op === "call") {
    const name = SUMS.find((sum) => sum === e.name);
    const [first = null, last = first, ...others] = e.arguments;
    if (name === "crc32" && e.arguments.length === 1) return { from: "crc32", of: e.arguments[0]! };
    if (name !== undefined && others.length === 0) return { from: "checksum", sum: { name }, first, last };
  }
  if ((e.op === "+" || e.op === "-") && e.left.op === "call" && e.left.name === "sizeof" && e.right.op === "int") {
    const minus = e.op === "+" ? 0 - e.right.value : e.right.value;
    return { from: "extent", of: e.left.arguments[0]!, minus, times: 1 };
  }
  return source.fail(
    `'-derive' is sizeof(field), sizeof(field) + number, or a checksum (${SUMS.join(", ")}) of (), (field) or (first, last)`,
  );
}

/** `{crc16: 0x1021, init: 0, reflect: false, xor: 0, over: [first, last]}` */
function crc16Of(keys: Keys): Derive {
  const number = (key: string, otherwise?: number): number => {
    const source = otherwise === undefined ? keys.need(key) : keys.take(key);
    const value = source?.integer ?? otherwise!;
    if (value < 0 || value > UINT16_MAX) source!.fail(`'${key}' has 16 bits`);
    return value;
  };
  const sum: Checksum = {
    name: "crc16",
    poly: number("crc16"),
    init: number("init", 0),
    reflect: keys.take("reflect")?.boolean ?? false,
    xor: number("xor", 0),
  };
  const over = keys.take("over")?.items() ?? [];
  if (over.length > 2) keys.fail("'over' is [], [field] or [first, last]");
  const [first = null, last = first] = over.map((field) => field.text);
  keys.close("a CRC of 16 bits");
  return { from: "checksum", sum, first, last };
}
