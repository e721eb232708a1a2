/** Integers of gob, written from the definition of the format and not as the code under test does it. */

/** A u64: below 128 one byte, else the number of bytes as a negative byte, and the bytes. */
export function gobUnsigned(value: bigint): string {
  const digits = value.toString(16);
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`;
  return value < 128n ? bytes : (256 - bytes.length / 2).toString(16) + bytes;
}

/** An i64: shifted, with all bits inverted for a negative one. */
export function gobInteger(value: bigint): string {
  return gobUnsigned(value < 0n ? 2n * -(value + 1n) + 1n : 2n * value);
}

/** Bytes from hex with blanks. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}
