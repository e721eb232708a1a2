/** Small packets whose length fields claim much more than follows. */
import { sample } from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import type { Block, IntField } from "../../src/gen/ir.js";
import { largestAllocation } from "../support/allocations.js";
import { FUNCTIONS, type Functions } from "../support/functions.js";
import { EXPECTED } from "../support/recorded/index.js";

/** Bytes that follow a claim: 2 behind a u32 make a packet of 6 bytes that claims 4 GiB. */
const REST_BYTES = 2;
const GROWN_BYTES_MAX = 64 * 1024;
/** Claims that the formats of disks allow, as `recorded.ts` lists them for protocols. */
const DISK_CLAIMS = { disk_log_record: 4, disk_log_write: 4, disk_segment_header: 4 };

interface Claim {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly params: readonly number[];
}

function blocksOf({ type }: Functions): readonly Block[] {
  const bodies = type.body.shape === "plain" ? [type.body] : type.body.variants.map((variant) => variant.type.body);
  return bodies.flatMap((body) => (body.shape === "plain" ? body.blocks : []));
}

/** The length fields in the fixed block at the beginning of a format. */
function lengthsOf(functions: Functions): readonly IntField[] {
  const blocks = blocksOf(functions);
  const extents = blocks.flatMap((block) =>
    block.block === "fixed" || block.block === "piece" ? [] : [block.block === "bytes" ? block.length : block.count],
  );
  const names = new Set(extents.map((extent) => (extent.from === "field" ? extent.field : "")));
  const first = blocks[0];
  return first?.block !== "fixed"
    ? []
    : first.fields.filter((f): f is IntField => f.kind === "int" && names.has(f.name));
}

/** Claims of a length field, from half its largest value up. The bytes before the field are those of a valid value. */
function fieldClaims(functions: Functions): Claim[] {
  const { type, values, encode } = functions;
  const [drawn] = sample(values, { numRuns: 1, seed: 1 });
  const value = encode(drawn!.value);
  return lengthsOf(functions).flatMap(({ name, offset, size, rule }) => {
    const largest = 256 ** size - 1;
    return [largest, largest - 7, (largest + 1) / 2, rule?.max ?? largest].map((claim) => {
      const bytes = new Uint8Array(offset + size + REST_BYTES);
      bytes.set(value.subarray(0, offset));
      for (let i = 0, left = claim; i < size; i++, left = Math.floor(left / 256)) bytes[offset + size - 1 - i] = left;
      return { what: `${name} ${claim}`, bytes, params: type.params.map(() => 0) };
    });
  });
}

/** Claims of a caller, where a parameter tells the count. */
function paramClaims({ type }: Functions): Claim[] {
  const counts = [2 ** 32 - 1, 2 ** 32 - 7, 2 ** 32 - 8, 2 ** 31, 2 ** 32, 2 ** 53 - 1, Infinity, NaN, -1, 0.5];
  return type.params.length === 0
    ? []
    : counts.map((count) => ({
        what: `${type.params[0]!.name} ${count}`,
        bytes: Uint8Array.of(0, 0, 0, 0, 0x3e, 0x3e),
        params: type.params.map(() => count),
      }));
}

const claims = FUNCTIONS.map((functions) => ({
  name: functions.name,
  functions,
  claims: [...fieldClaims(functions), ...paramClaims(functions)],
})).filter((each) => each.claims.length > 0);

describe("a small packet that claims to be large", () => {
  it("can be composed of these formats alone", () => {
    const counts = Object.fromEntries(claims.map(({ name, claims: { length } }) => [name, length]));
    expect(counts).toEqual({ ...EXPECTED.claims, ...DISK_CLAIMS });
  });

  it("of 6 bytes claims 4 GiB", () => {
    const all = claims.flatMap((each) => each.claims.map(({ bytes }) => toHex(bytes)));
    expect(all).toContain("ffffffff0000");
  });

  it.each(claims)("is refused as $name, and nothing is allocated for it", ({ functions, claims: each }) => {
    const { tryDecode, peek, Reader } = functions;
    for (const { what, bytes, params } of each) {
      const before = process.memoryUsage();
      let refused = false;
      const largest = largestAllocation(() => {
        refused = !tryDecode(bytes, ...params).ok && !new Reader().tryWrap(bytes, ...params).ok;
        peek?.(bytes, ...params, 0, bytes.length);
      });
      const after = process.memoryUsage();
      expect(refused, what).toBe(true);
      expect(largest, what).toBeLessThanOrEqual(bytes.length);
      expect(after.arrayBuffers - before.arrayBuffers, what).toBeLessThan(GROWN_BYTES_MAX);
    }
  });
});
