/** The padding of SHA-256 and SHA-1 for very long messages. */
import { describe, expect, test } from "vitest";
import { instantiate } from "../../../src/kernel/engine/instance.js";
import type { HashFunctions } from "../../../src/kernel/hash/wasm-hash.js";
import { SHA1_WASM } from "../../../src/kernel/wasm/sha1.js";
import { SHA256_WASM } from "../../../src/kernel/wasm/sha256.js";
import { SHA256_FOUR_WASM } from "../../../src/kernel/wasm/sha256-four.js";
import { noise } from "../engines.js";

const MODULES = [
  ["sha256", SHA256_WASM, 32],
  ["sha256-four", SHA256_FOUR_WASM, 32],
  ["sha1", SHA1_WASM, 20],
] as const;

/** A test cannot hash exabytes, but the rest of such a message is padded like that of any other. */
describe.each(MODULES)("the padding of %s", (_, hex, digestBytes) => {
  const kernel = instantiate<HashFunctions>(hex, { INPUT: 64, OUTPUT: 64 })!;
  const { absorb, begin, end } = kernel.functions;
  const [input, output] = [kernel.region("INPUT"), kernel.region("OUTPUT")];
  const [inputAt, outputAt] = [kernel.addressOf("INPUT"), kernel.addressOf("OUTPUT")];

  /** FIPS 180-4 §5.1.1 by hand: the state, as bytes, after `rest`, a bit, zeros and the length in 64 bits. */
  function byHand(rest: Uint8Array, totalBytes: number): Uint8Array {
    input.fill(0);
    input.set(rest);
    input[rest.length] = 0x80;
    new DataView(input.buffer).setBigUint64(inputAt + 56, BigInt(totalBytes) * 8n);
    begin();
    absorb(inputAt, 1);
    return Uint8Array.from({ length: digestBytes }, (_byte, i) => kernel.region("STATE")[i ^ 3]!);
  }

  test.each([3, 2 ** 29 - 1, 2 ** 29, 2 ** 32, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER])(
    "counts %d bytes in bits",
    (totalBytes) => {
      const rest = noise(3);
      const expected = byHand(rest, totalBytes);
      input.set(rest);
      begin();
      end(inputAt, rest.length, totalBytes, outputAt);
      expect(output.slice(0, digestBytes)).toBeBytes(expected);
    },
  );
});
