/** The specs of `examples/specs/`: the official compiler reads their examples, ours reads and writes them. */
import { readdirSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fromHex, toHex } from "../../src/bytes/index.js";
import { addDecode } from "../../src/cli/decode.js";
import { addEncode } from "../../src/cli/encode.js";
import { ownCodecOf } from "../../src/cli/own-spec.js";
import { toJson, type Json } from "../../src/gen/index.js";
import { pascal } from "../../src/gen/names.js";
import { loadKaitai, streamOf } from "../support/generate.js";

const FOLDER = "examples/specs";
const files = readdirSync(FOLDER);

/** Each example is `NAME.hex` and `NAME.json` of `NAME.ksy`; further ones of a spec are `NAME-MORE`. */
const examples = files.filter((file) => file.endsWith(".hex")).map((file) => file.replace(/\.hex$/, ""));
const specOf = (example: string): string => example.replace(/-.*$/, "");
const hexOf = (example: string): string => readFileSync(`${FOLDER}/${example}.hex`, "utf8").replace(/\s/g, "");
const jsonOf = (example: string): Json => JSON.parse(readFileSync(`${FOLDER}/${example}.json`, "utf8")) as Json;

/** Whether a spec reads at positions. */
const hasPositions = (spec: string): boolean => /\bpos:/.test(readFileSync(spec, "utf8"));

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What a command prints. */
async function printed(...args: string[]): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  addDecode(program);
  addEncode(program);
  await program.parseAsync(args, { from: "user" });
  expect(process.exitCode ?? 0).toBe(0);
  return lines.join("\n");
}

it("each spec has an example, and each example a spec", () => {
  const specs = files.filter((file) => file.endsWith(".ksy")).map((file) => file.replace(/\.ksy$/, ""));
  expect([...new Set(examples.map(specOf))].sort()).toEqual(specs.sort());
});

describe.each(examples)("%s", (example) => {
  const spec = `${FOLDER}/${specOf(example)}.ksy`;

  it("is read by the official compiler to its end, to the same values", async () => {
    const kaitai = await loadKaitai(spec);
    const theirs = new kaitai[pascal(specOf(example))]!(streamOf(fromHex(hexOf(example))));
    // What lies at positions is read when it is asked for.
    if (!hasPositions(spec)) expect((theirs["_io"] as { isEof(): boolean }).isEof()).toBe(true);
    expectSame(jsonOf(example), theirs, example);
  });

  it("is decoded to its JSON", async () => {
    const output = await printed("decode", "--json", "--spec", spec, `${FOLDER}/${example}.hex`);
    expect((JSON.parse(output) as { value: Json }).value).toEqual(jsonOf(example));
  });

  it("is encoded from its JSON", async () => {
    expect(await printed("encode", "--spec", spec, `${FOLDER}/${example}.json`)).toBe(hexOf(example));
  });

  it("is refused with any bit turned, or is other bytes that the official compiler reads the same", async () => {
    const codec = await ownCodecOf(spec, undefined, []);
    const kaitai = await loadKaitai(spec);
    const original = fromHex(hexOf(example));
    // Each object of theirs is asked for all that lies at positions: 280 bytes took 7 s with every bit.
    for (let bit = 0; bit < original.length * 8; bit += hasPositions(spec) ? 5 : 1) {
      const bytes = original.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const result = codec.tryDecode(bytes, {});
      if (!result.ok) continue;
      const json = toJson(result.value);
      // Positions that have changed leave bytes that nothing says.
      if (!hasPositions(spec)) {
        const again = codec.encode(codec.fromJson(json, {}));
        expect(toHex(again), `bit ${bit}`).toBe(toHex(bytes));
      }
      expectSame(json, new kaitai[pascal(specOf(example))]!(streamOf(bytes)), `${example}, bit ${bit}: `);
    }
  });
});

/** Compares a decoded value with an object of the official compiler, which knows no `kind`. */
function expectSame(ours: Json, theirs: unknown, place: string): void {
  if (Array.isArray(ours)) {
    expect(theirs, place).toHaveLength(ours.length);
    ours.forEach((item: Json, i) => expectSame(item, (theirs as unknown[])[i], `${place}[${i}]`));
  } else if (typeof ours === "object" && ours !== null) {
    for (const [key, value] of Object.entries(ours))
      if (key !== "kind") expectSame(value, memberOf(theirs as object, key), `${place}.${key}`);
  } else if (typeof theirs === "number" && typeof ours === "string") {
    // An integer above 2^53 - 1 is a text in JSON, and rounded there.
    expect(theirs, place).toBe(Number(ours));
  } else {
    expect(theirs instanceof Uint8Array ? toHex(theirs) : theirs, place).toBe(ours);
  }
}

/** A member of an object; the fields of a choice at the end stand beside the others in our values. */
function memberOf(object: object, key: string): unknown {
  if (key in object) return (object as Record<string, unknown>)[key];
  const own = Object.entries(object).filter(([name]) => !name.startsWith("_"));
  const inner = own.flatMap(([, value]) => (typeof value === "object" && value !== null ? Object.entries(value) : []));
  return [...own, ...inner].find(([name]) => name === key)?.[1];
}
