import { sample } from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import type { Block, IntField } from "../../src/gen/ir.js";
import { largestAllocation } from "../support/allocations.js";
import { FUNCTIONS, type Functions } from "../support/functions.js";

/** Bytes that follow a claim: a packet of 6 bytes that claims 4 GiB has 2 of them. */
const REST_BYTES = 2;
const GROWN_BYTES_MAX = 64 * 1024;

interface Claim {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly params: readonly number[];
}

function blocksOf({ type }: Functions): readonly Block[] {
  const bodies = type.body.shape === "plain" ? [type.body] : type.body.variants.map((variant) => variant.type.body);
  return bodies.flatMap((body) => (body.shape === "plain" ? body.blocks : []));
}

/** The integers that say how much follows, in the fixed layout that each format begins with. */
function lengthsOf(functions: Functions): readonly IntField[] {
  const blocks = blocksOf(functions);
  const extents = blocks.flatMap((block) =>
    block.block === "fixed" ? [] : [block.block === "bytes" ? block.length : block.count],
  );
  const names = new Set(extents.map((extent) => (extent.from === "field" ? extent.field : "")));
  const first = blocks[0];
  return first?.block !== "fixed"
    ? []
    : first.fields.filter((f): f is IntField => f.kind === "int" && names.has(f.name));
}

/** As much as a length field can say, and less; what stands before it is that of a value. */
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

/** As much as a caller can say where the bytes do not. */
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
  it("can be made of these formats alone", () => {
    expect(claims.map(({ name, claims: { length } }) => `${name}: ${length}`).sort()).toEqual([
      "bittrrt_sequence_spans, bigint: 4",
      "bittrrt_sequence_spans: 4",
      "disk_log_record: 4",
      "disk_log_write: 4",
      "disk_segment_header: 4",
      "raida_fix_encryption_request_qmail: 4",
      "raida_get_ticket_mixed_reply: 10",
      "raida_mixed_reply: 10",
      "rpc_frame_u16: 4",
      "rpc_frame_u32: 4",
    ]);
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
