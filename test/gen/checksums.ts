/** Checksums written down a second time, bit after bit, to judge those of the codecs. */
import type { Checksum } from "../../src/gen/ir.js";

/** A checksum of some bytes. */
export function checksum(sum: Checksum, bytes: readonly number[]): number {
  switch (sum.name) {
    case "crc32":
      return Number(crc(bytes, 32, 0x04c11db7n, 0xffffffffn, true, 0xffffffffn));
    case "crc16":
      return Number(crc(bytes, 16, BigInt(sum.poly), BigInt(sum.init), sum.reflect, BigInt(sum.xor)));
    case "adler32": {
      let [a, b] = [1, 0];
      for (const byte of bytes) {
        a = (a + byte) % 65_521;
        b = (b + a) % 65_521;
      }
      return b * 65_536 + a;
    }
    case "sum8":
      return bytes.reduce((total, byte) => (total + byte) % 256, 0);
    case "xor8":
      return bytes.reduce((total, byte) => total ^ byte, 0);
    case "internet": {
      let total = 0;
      bytes.forEach((byte, i) => (total += i % 2 === 0 ? byte * 256 : byte));
      while (total > 0xffff) total = (total % 65_536) + Math.floor(total / 65_536);
      return 0xffff - total;
    }
  }
}

/** A CRC as the catalogue of parametrised algorithms describes it: input and output are reflected, or neither is. */
function crc(
  bytes: readonly number[],
  width: number,
  poly: bigint,
  init: bigint,
  reflect: boolean,
  xor: bigint,
): bigint {
  const top = 1n << BigInt(width - 1);
  const mask = (1n << BigInt(width)) - 1n;
  let register = init;
  for (const byte of bytes)
    for (let i = 0; i < 8; i++) {
      const bit = (byte >> (reflect ? i : 7 - i)) & 1;
      const out = ((register & top) === 0n ? 0 : 1) ^ bit;
      register = (register << 1n) & mask;
      if (out === 1) register ^= poly;
    }
  if (!reflect) return register ^ xor;
  let reflected = 0n;
  for (let i = 0; i < width; i++) if ((register >> BigInt(i)) & 1n) reflected |= 1n << BigInt(width - 1 - i);
  return reflected ^ xor;
}
