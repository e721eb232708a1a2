/** Other libraries judge our codecs on drawn values, mutations and recordings. */
import { sample } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scaled } from "../support/scale.js";
import { equalBytes, toHex } from "../../src/bytes/index.js";
import { codecOf } from "../../src/cli/codecs.js";
import { describeIssue } from "../../src/errors.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { Random } from "../../src/testing/random.js";
import { arbitraryOf, hasPieces } from "../support/arbitrary.js";
import { mutate, specimensOf } from "../support/mutate.js";
import { EXPECTED, RECORDED } from "../support/recorded/index.js";
import { isSame, judgesOf } from "./judges.js";
import { Refusal, ruleFor, RULES } from "./rules.js";

const VALUES = scaled(1_000, 5_000);
const ACCEPTED_MIN = 0.4;

const formats = await Promise.all(
  listFormats()
    .filter(({ type }) => !hasPieces(type))
    .map(async ({ module, type }) => ({ name: type.format, type, judges: await judgesOf(module, type) })),
);

/** How often a judge needed a rule. */
const used = new Map<string, number>();

function count(rule: string): void {
  used.set(rule, (used.get(rule) ?? 0) + 1);
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

describe.each(formats)("$name", ({ name, type, judges }) => {
  const codec = codecOf(name);
  let drawn: readonly { readonly bytes: Uint8Array; readonly params: Readonly<Record<string, number>> }[] = [];

  beforeAll(() => {
    drawn = sample(arbitraryOf(type, codec.big), { numRuns: VALUES, seed: 1 }).map(({ value, params }) => ({
      bytes: codec.encode(value),
      params,
    }));
  });

  afterAll(() => {
    drawn = [];
  });

  /** Where a judge disagrees without a rule, as sentences. */
  function disagreements(bytes: Uint8Array, params: Readonly<Record<string, number>>): string[] {
    const ours = codec.tryDecode(bytes, params);
    const refusal = ours.ok ? undefined : new Refusal(type, bytes, params, ours.error);
    return judges.flatMap(({ name: judge, read }) => {
      const theirs = read(bytes, params);
      if (ours.ok) {
        if (theirs === undefined) return [`${judge} refuses ${toHex(bytes)}`];
        const same = isSame(ours.value, theirs, judge, () => count("kaitai: rounds above 2^53-1"));
        return same ? [] : [`${judge} reads otherwise ${toHex(bytes)}`];
      }
      if (theirs === undefined) return [];
      const rule = ruleFor(refusal!, judge);
      if (rule === undefined) return [`${judge} accepts ${toHex(bytes)}, we say ${describeIssue(ours.error)}`];
      count(`${judge}: ${rule}`);
      return [];
    });
  }

  it(`agrees on ${VALUES} values`, () => {
    expect(drawn.filter(({ bytes, params }) => !codec.tryDecode(bytes, params).ok)).toEqual([]);
    expect(drawn.flatMap(({ bytes, params }) => disagreements(bytes, params))).toEqual([]);
  });

  const recorded = RECORDED.filter(({ format }) => format === name);
  it.runIf(recorded.length > 0)("agrees on every recording", () => {
    expect(recorded.flatMap(({ bytes, params }) => disagreements(bytes, params))).toEqual([]);
  });

  it(`agrees on ${VALUES} mutations, of which enough are acceptable`, () => {
    const random = new Random(2);
    const specimenOf = specimensOf(type);
    const mutations = drawn.map(({ bytes, params }, i) => {
      const next = drawn[(i + 1) % VALUES]!;
      const specimen = specimenOf(bytes, params);
      return { bytes: mutate(type, specimen, specimenOf(next.bytes, next.params), random), params };
    });
    expect(mutations.flatMap(({ bytes, params }) => disagreements(bytes, params))).toEqual([]);
    let accepted = 0;
    for (const { bytes, params } of mutations) {
      const ours = codec.tryDecode(bytes, params);
      if (!ours.ok) continue;
      accepted++;
      // All judges pass over bytes that belong to no field; what is written again cannot, but behind an open value.
      const written = codec.encode(ours.value);
      if (!equalBytes(written, type.open ? bytes.subarray(0, written.length) : bytes))
        expect.fail(`is not written again: ${toHex(bytes)}`);
    }
    report(`${name}: ${((100 * accepted) / VALUES).toFixed(0)} % of the mutations are acceptable`);
    expect(accepted / VALUES).toBeGreaterThanOrEqual(EXPECTED.accepted[name] ?? ACCEPTED_MIN);
  });
});

describe("rules", () => {
  it("explain something each, or they would not be needed", () => {
    for (const [rule, times] of [...used].sort()) report(`${rule}: ${times}`);
    const names = new Set([...used.keys()].map((key) => key.slice(key.indexOf(": ") + 2)));
    expect(names).toEqual(new Set(["rounds above 2^53-1", ...Object.keys(RULES)]));
  });
});
