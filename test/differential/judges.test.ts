import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { codecOf } from "../../src/cli/codecs.js";
import { describeIssue, type Result, type WireIssue } from "../../src/errors.js";
import { annotate } from "../../src/gen/annotate.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { asBinaryParser, asRestructure } from "../../src/gen/index.js";
import type { Field, Type } from "../../src/gen/ir.js";
import { camel, pascal } from "../../src/gen/names.js";
import { drawValue, leavesOf, mutate, Random, type Drawn } from "../support/draw.js";
import { RECORDED } from "../support/recorded/index.js";
import { loadKaitai, streamOf, type KaitaiClass } from "../support/generate.js";

const VALUES = 5_000;
const ACCEPTED_MIN = 0.4;

/** How another reader sees bytes: the value in our shape, or undefined when it refuses. */
type Judge = (bytes: Uint8Array, drawn: Drawn) => Record<string, unknown> | undefined;

interface Case {
  readonly type: Type;
  readonly bytes: Uint8Array;
  readonly drawn: Drawn;
  readonly issue: WireIssue;
}

/** What another reader cannot see, and how to tell that it is the reason for this very input. */
const RULES: Readonly<
  Record<string, { readonly code: string; readonly judges: readonly string[]; holds(c: Case): boolean }>
> = {
  "ignores bytes after the value": {
    code: "trailing",
    judges: ["kaitai", "binary-parser", "restructure"],
    holds: ({ type, bytes, drawn }) => endOf(type, bytes, drawn) < bytes.length,
  },
  "knows no checksum": {
    code: "crc",
    judges: ["kaitai", "binary-parser", "restructure"],
    holds: ({ type, bytes, drawn, issue }) => {
      const fields = leavesOf(annotate(type, bytes, () => undefined, drawn.params));
      const covered = fields.find(({ path }) => path === "challenge")!;
      const own = fields.find(({ path }) => path === issue.path)!;
      return crc32(bytes.subarray(covered.offset, covered.offset + covered.size)) !== own.value;
    },
  },
  "knows no least count": {
    code: "count",
    judges: ["kaitai", "binary-parser", "restructure"],
    holds: ({ type, bytes, drawn, issue }) =>
      annotate(type, bytes, () => undefined, drawn.params).some(({ path, size }) => path === issue.path && size === 0),
  },
  "does not look at unused bits": {
    code: "padding",
    judges: ["kaitai", "binary-parser", "restructure"],
    holds: ({ type, bytes, drawn, issue }) => {
      const bits = annotate(type, bytes, () => undefined, drawn.params).find(({ path }) => path === issue.path)!;
      const used = String(bits.value).length;
      return used % 8 !== 0 && bytes[bits.offset + bits.size - 1]! >> (used % 8) !== 0;
    },
  },
  "knows no rule on a number": {
    code: "range",
    judges: ["binary-parser", "restructure"],
    holds: ({ type, bytes, drawn, issue }) => {
      const field = fieldAt(type, issue.path);
      const value = Number(valueAt(type, bytes, drawn, issue.path));
      return field?.kind === "int" && (value < (field.rule?.min ?? -Infinity) || value > (field.rule?.max ?? Infinity));
    },
  },
  "knows no constant number": {
    code: "constant",
    judges: ["binary-parser", "restructure"],
    holds: ({ type, bytes, drawn, issue }) => {
      const field = fieldAt(type, issue.path);
      if (field?.kind === "const")
        return valueAt(type, bytes, drawn, issue.path) !== Buffer.from(field.bytes).toString("hex");
      return field?.kind === "int" && valueAt(type, bytes, drawn, issue.path) !== field.rule?.min;
    },
  },
  "knows no enumeration": {
    code: "enum",
    judges: ["binary-parser", "restructure"],
    holds: ({ type, issue }) => {
      const field = fieldAt(type, issue.path);
      return field?.kind === "int" && field.enum?.values.includes(Number(issue.actual)) === false;
    },
  },
  "sees no half item at the end": {
    code: "divisible",
    judges: ["binary-parser", "restructure"],
    holds: ({ issue }) => !Number.isInteger(Number(issue.actual) / Number(/\d+/.exec(issue.expected ?? "")![0])),
  },
  "makes text of any bytes": {
    code: "text",
    judges: ["kaitai", "binary-parser", "restructure"],
    holds: ({ bytes, issue }) => bytes.subarray(issue.offset, issue.offset + 8).some((byte) => byte > 0x7f),
  },
};

const used = new Map<string, number>();

function endOf(type: Type, bytes: Uint8Array, drawn: Drawn): number {
  return Math.max(
    0,
    ...leavesOf(annotate(type, bytes, () => undefined, drawn.params)).map(({ offset, size }) => offset + size),
  );
}

function valueAt(type: Type, bytes: Uint8Array, drawn: Drawn, path: string): unknown {
  return leavesOf(annotate(type, bytes, () => undefined, drawn.params)).find((leaf) => leaf.path === path)?.value;
}

/** A field by its path, whatever the number of an item. */
function fieldAt(type: Type, path: string): Field | undefined {
  const names = path.replaceAll(/\[\d+\]/g, "").split(".");
  const bodies = type.body.shape === "plain" ? [type.body] : type.body.variants.map((v) => v.type.body);
  for (const body of bodies) {
    if (body.shape !== "plain") continue;
    const found = body.blocks
      .map((block) => {
        if (block.block === "fixed") return fieldOf(block.fields, names);
        return block.block === "items" && camel(block.name) === names[0]
          ? fieldOf(block.item.fields, names.slice(1))
          : undefined;
      })
      .find((field) => field !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldOf(fields: readonly Field[], [name = "", ...rest]: readonly string[]): Field | undefined {
  const field = fields.find((each) => camel(each.name) === name);
  if (field?.kind === "array") return fieldOf(field.item.fields, rest);
  return field?.kind === "struct" && rest.length > 0 ? fieldOf(field.fields, rest) : field;
}

const classes = new Map<string, Record<string, KaitaiClass>>();
for (const { module } of listFormats())
  if (!classes.has(module.file)) classes.set(module.file, await loadKaitai(`spec/${module.file}`));

/** The official compiler's class, its result brought into our shape: only the fields that ours has. */
function kaitaiJudge(file: string, module: string, type: Type): Judge {
  const root = classes.get(file)![pascal(module)]!;
  const Class = root[pascal(type.name)]!;
  return (bytes, { params }) => {
    const read = attempt(
      () => new Class(streamOf(bytes), null, null, ...type.params.map(({ name }) => params[name] ?? 0)),
    );
    return read as Record<string, unknown> | undefined;
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Whether another reader has read what we have; numbers above 2^53 are rounded by Kaitai, which is its one excuse. */
function same(ours: unknown, theirs: unknown, judge: string): boolean {
  if (typeof ours === "bigint") {
    if (judge !== "kaitai") return ours === theirs;
    if (Number.isSafeInteger(Number(ours))) return Number(ours) === theirs;
    count("kaitai: rounds above 2^53-1");
    return Number(ours) === theirs;
  }
  if (ours instanceof Uint8Array) return theirs instanceof Uint8Array && Buffer.compare(ours, theirs) === 0;
  if (Array.isArray(ours))
    return (
      Array.isArray(theirs) && ours.length === theirs.length && ours.every((one, i) => same(one, theirs[i], judge))
    );
  if (typeof ours === "object" && ours !== null) {
    return Object.entries(ours).every(([key, value]) =>
      same(value, lookUp(theirs as Record<string, unknown>, key, judge, value), judge),
    );
  }
  return ours === theirs;
}

/** Kaitai keeps the part of a union that the tag decides in an object of its own, and has no `kind`. */
function lookUp(theirs: Record<string, unknown> | undefined, key: string, judge: string, ours: unknown): unknown {
  if (theirs === undefined) return undefined;
  if (judge !== "kaitai" || key in theirs) return theirs[key];
  if (key === "kind") return ours;
  return (theirs["tail"] as Record<string, unknown> | undefined)?.[key];
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

function count(rule: string): void {
  used.set(rule, (used.get(rule) ?? 0) + 1);
}

describe.each(listFormats().map(({ module, type }) => ({ name: type.format, module, type })))(
  "$name",
  ({ module, type, name }) => {
    const codec = codecOf(name);
    const judges: [string, Judge][] = [
      ["kaitai", kaitaiJudge(module.file, module.id, type)],
      ["binary-parser", (bytes, { params }) => attempt(() => asBinaryParser(module, type.name, params).parse(bytes))],
      ["restructure", (bytes, { params }) => attempt(() => asRestructure(module, type.name, params).fromBuffer(bytes))],
    ];
    // Without parameters a parser can be made once.
    if (type.params.length === 0) {
      const parser = asBinaryParser(module, type.name);
      const struct = asRestructure(module, type.name);
      judges[1] = ["binary-parser", (bytes) => attempt(() => parser.parse(bytes))];
      judges[2] = ["restructure", (bytes) => attempt(() => struct.fromBuffer(bytes))];
    }

    const agree = (bytes: Uint8Array, drawn: Drawn, ours: Result<unknown>): void => {
      for (const [judge, read] of judges) {
        const theirs = read(bytes, drawn);
        if (ours.ok) {
          if (theirs !== undefined && same(ours.value, theirs, judge)) continue;
          expect.fail(
            `${judge} ${theirs === undefined ? "refuses" : "reads otherwise"} ${Buffer.from(bytes).toString("hex")}`,
          );
        }
        if (theirs === undefined) continue;
        const c = { type, bytes, drawn, issue: ours.error };
        const rule = Object.entries(RULES).find(
          ([, r]) => r.code === ours.error.code && r.judges.includes(judge) && r.holds(c),
        );
        if (rule === undefined)
          expect.fail(`${judge} accepts ${Buffer.from(bytes).toString("hex")}, we say ${describeIssue(ours.error)}`);
        count(`${judge}: ${rule![0]}`);
      }
    };

    it(`agrees on ${VALUES} values`, () => {
      const random = new Random(1);
      for (let i = 0; i < VALUES; i++) {
        const drawn = drawValue(type, random, codec.big);
        const bytes = codec.encode(drawn.value);
        const ours = codec.tryDecode(bytes, drawn.params);
        if (!ours.ok) expect.fail(describeIssue(ours.error));
        if (i < 200) expect((ours as { value: unknown }).value).toEqual(drawn.value);
        expect(Buffer.compare(codec.encode((ours as { value: unknown }).value), bytes)).toBe(0);
        agree(bytes, drawn, ours);
      }
    });

    const recorded = RECORDED.filter(({ format }) => format === name);
    it.runIf(recorded.length > 0)("agrees on every recording", () => {
      for (const { bytes, params } of recorded) agree(bytes, { value: {}, params }, codec.tryDecode(bytes, params));
      expect(recorded.length).toBeGreaterThan(0);
    });

    it(`agrees on ${VALUES} mutations, of which enough are acceptable`, () => {
      const random = new Random(2);
      let accepted = 0;
      for (let i = 0; i < VALUES; i++) {
        const drawn = drawValue(type, random, codec.big);
        const other = drawValue(type, random, codec.big);
        const bytes = mutate(
          codec.encode(drawn.value),
          type,
          drawn,
          { bytes: codec.encode(other.value), drawn: other },
          random,
        );
        const ours = codec.tryDecode(bytes, drawn.params);
        if (ours.ok) accepted++;
        agree(bytes, drawn, ours);
      }
      report(`${name}: ${((100 * accepted) / VALUES).toFixed(0)} % of the mutations are acceptable`);
      expect(accepted / VALUES).toBeGreaterThanOrEqual(ACCEPTED_MIN);
    });
  },
);

describe("rules", () => {
  it("explain something each, or they would not be needed", () => {
    for (const [rule, times] of [...used].sort()) report(`${rule}: ${times}`);
    for (const [rule, { judges }] of Object.entries(RULES)) {
      expect(
        judges.some((judge) => used.has(`${judge}: ${rule}`)),
        `the rule '${rule}' explains nothing`,
      ).toBe(true);
    }
  });
});
