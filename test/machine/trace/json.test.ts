/** Values as JSON, and replays of hand-written traces. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../../src/errors.js";
import { readTrace, replay, traceWriter, type Env, type Machine, type TraceEntry } from "../../../src/machine/index.js";
import { fromJson, sameJson, toJson, type Json } from "../../../src/machine/trace/json.js";

const throughText = (value: unknown): unknown => fromJson(JSON.parse(JSON.stringify(toJson(value))) as Json);

const key = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom("$hex", "$$hex", "$", "__proto__", "items", "toJSON"),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, NaN, Infinity, -Infinity, -0),
    fc.double(),
    fc.string(),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 8 }),
    fc.uint32Array({ maxLength: 4 }),
    fc.float64Array({ maxLength: 4 }),
    fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 3 }).map((items) => BigUint64Array.from(items)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(key, { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

describe("values as JSON", () => {
  it("come back unchanged, also those that JSON lacks", () => {
    fc.assert(fc.property(value, (one) => void expect(throughText(one)).toStrictEqual(one)));
  });

  it("compare equal to themselves alone, regardless of the order of keys", () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [a, b] = [toJson(one), toJson(other)];
        expect(sameJson(a, toJson(throughText(one)))).toBe(true);
        expect(sameJson(a, b)).toBe(sameJson(b, a));
      }),
    );
    expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
    for (const other of [{ a: 1 }, { a: 1, b: [3] }, { a: 1, c: [2] }, [1], null, 1]) {
      expect(sameJson({ a: 1, b: [2] }, other)).toBe(false);
    }
  });

  it("leave out undefined fields of objects, and keep undefined items of arrays", () => {
    expect(toJson({ a: undefined, b: 1 })).toEqual({ b: 1 });
    expect(throughText([undefined, 1])).toEqual([undefined, 1]);
  });

  it("keep errors as errors, and wire errors as wire errors", () => {
    const issue = { code: "crc", format: "f", path: "p", offset: 3, expected: "1" } as const;
    const wire = throughText(new WireError(issue)) as WireError;
    expect(wire).toBeInstanceOf(WireError);
    expect(wire.toJSON()).toEqual({ ...issue, actual: undefined, spec: undefined });
    expect(throughText(new TypeError("no"))).toMatchObject({ name: "TypeError", message: "no" });
  });

  it("use the toJSON of an object, and read functions back as undefined", () => {
    const secret = { bytes: Uint8Array.of(1, 2), toJSON: () => "[redacted]" };
    expect(toJson({ secret })).toEqual({ secret: "[redacted]" });
    expect(throughText([() => 1, Symbol("s")])).toEqual([undefined, undefined]);
  });

  it("refuse unknown tags", () => {
    const bad: Json[] = [
      { $hex: 1 },
      { $hex: "0" },
      { $bigint: "1.5" },
      { $array: "Array", items: [] },
      { $eval: "1" },
    ];
    for (const json of bad) expect(() => fromJson(json), JSON.stringify(json)).toThrow(WireError);
  });
});

describe("a trace on disk", () => {
  const write = (entries: TraceEntry[]): string => {
    let text = "";
    const writer = traceWriter((line) => (text += line), { machine: "m", run: 1 });
    for (const entry of entries) writer.write(entry);
    return text;
  };

  it("is read without its last line if a crash has truncated that", () => {
    const text = write([
      { nowMs: 1, note: "one" },
      { nowMs: 2, note: "two" },
    ]);
    expect(readTrace(text.slice(0, -3)).entries).toEqual([{ nowMs: 1, note: "one" }]);
  });

  it("is refused with the number of an invalid line", () => {
    const text = `${write([])}{"nowMs":1,"note":"fine"}\n{"nowMs":2,\n`;
    expect(() => readTrace(text)).toThrow(/line 3/);
  });
});

describe("a replay", () => {
  const drawing =
    (...sizes: number[]) =>
    (env: Env): Machine => ({
      step() {
        for (const size of sizes) env.random(size);
      },
      nextWakeMs: () => Infinity,
    });
  const header = '{"trace":1,"machine":"m","run":0}';
  const lines = [header, '{"nowMs":1,"event":{"type":"wake"}}', '{"random":{"$hex":"0102"}}', ""].join("\n");

  it("returns the recorded draws", () => {
    expect(replay(drawing(2), readTrace(lines))).toEqual({ events: 1, effects: 0 });
  });

  it.each([
    ["otherwise", [3], 3],
    ["more often", [2, 1], 3],
  ])("notices a machine that draws %s", (_how, sizes, line) => {
    const { difference } = replay(drawing(...sizes), readTrace(lines));
    expect(difference).toMatchObject({ line, actual: `"${sizes.at(-1)} random bytes"` });
  });

  it("notices missing effects, and additional ones", () => {
    const emitting = (count: number): Machine => ({
      step(_event, _nowMs, out) {
        for (let i = 0; i < count; i++) out.push({ type: "emit", event: i });
      },
      nextWakeMs: () => Infinity,
    });
    const effects = [0, 1].map((event) => JSON.stringify({ nowMs: 1, effect: { type: "emit", event } }));
    const trace = readTrace([header, '{"nowMs":1,"event":{"type":"wake"}}', ...effects, ""].join("\n"));
    expect(replay(emitting(2), trace)).toEqual({ events: 1, effects: 2 });
    expect(replay(emitting(1), trace).difference).toMatchObject({ line: 4, actual: undefined });
    expect(replay(emitting(3), trace).difference).toMatchObject({ line: 2, expected: undefined });
  });
});
