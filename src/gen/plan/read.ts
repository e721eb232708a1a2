/** Plans how the bytes of a value are tested: in the order in which they lie, but for checksums over what follows. */
import {
  extentOf,
  isDerivedFrom,
  type BitField,
  type BitsBlock,
  type Block,
  type BytesBlock,
  type Derive,
  type Field,
  type IntField,
  type Item,
  type ItemsBlock,
} from "../ir.js";
import { pathsAskedBy } from "./asked.js";
import type { Amount, Mark, Place, ReadPlan, ReadStep, Refusal, Slot } from "./plan.js";
import { asInteger, isRuled, limitsText, rulesOf } from "./rules.js";

/** The plan of one layout. */
export function planRead(blocks: readonly Block[]): ReadPlan {
  return new ReadPlanner(blocks).plan();
}

/** The tests of a field that stands by itself at the start of an item. @param path what errors call it */
export function planField(field: Field, path: string, isItem: boolean): ReadStep[] {
  const own = { ...field, name: "" } as Field;
  return new ReadPlanner([]).fields([own], { from: "item", plus: 0 }, path, isItem);
}

/** Bytes of fixed blocks from one block up to the next piece: one test covers them. */
export function runSize(blocks: readonly Block[], index: number): number {
  let size = 0;
  for (const block of blocks.slice(index)) {
    if (block.block === "piece") break;
    if (block.block === "fixed") size += block.size;
  }
  return size;
}

/** A block whose number of bytes a field, a parameter or the end decides. */
type CountedBlock = ItemsBlock | BytesBlock | BitsBlock;

interface Named {
  readonly file: string;
  readonly line: number;
}

class ReadPlanner {
  readonly #blocks: readonly Block[];
  readonly #asked: ReadonlySet<string>;
  readonly #steps: ReadStep[] = [];
  readonly #starts: Place[] = [];
  readonly #ends: Place[] = [];
  /** Checksums over blocks of variable size: tested once it is known where those lie. */
  readonly #deferred: (() => ReadStep)[] = [];
  #marks: Mark = 0;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
    const pieces = new Set(blocks.flatMap((block) => (block.block === "piece" ? [block.name] : [])));
    this.#asked = new Set([...pathsAskedBy(blocks)].filter((path) => !pieces.has(path.split(".")[0]!)));
  }

  plan(): ReadPlan {
    let place: Place = { from: "start", plus: 0 };
    this.#blocks.forEach((block, index) => {
      this.#starts.push(place);
      if (block.block === "fixed") {
        this.#steps.push(...this.fields(block.fields, place, "", false));
        place = behind(place, block.size);
      } else if (block.block === "piece") {
        const mark = ++this.#marks;
        this.#steps.push({ step: "piece", block, at: place, mark });
        place = { from: mark, plus: 0 };
        this.#needBehind(index, place);
      } else place = this.#counted(block, place, index);
      this.#ends.push(place);
    });
    const steps = [...this.#steps, ...this.#deferred.map((later) => later())];
    return { need: runSize(this.#blocks, 0), steps, starts: this.#starts, end: place };
  }

  /** Tests for the fixed blocks behind a piece, which the tests before it could not see. */
  #needBehind(index: number, at: Place): void {
    const size = runSize(this.#blocks, index + 1);
    if (size === 0) return;
    const first = this.#blocks.slice(index + 1).find((block) => block.block === "fixed")!;
    const field = first.fields[0]!;
    const otherwise = refusal("short", field.name, field, `${size} bytes`, at);
    this.#steps.push({ step: "need", at, by: { is: "number", value: size }, after: 0, otherwise });
  }

  #counted(block: CountedBlock, at: Place, index: number): Place {
    const { name } = block;
    const count: Slot = { of: name, as: "count" };
    const extent = extentOf(block);
    const size = block.block === "items" ? block.item.size : 1;
    const by: Amount = block.block === "bits" ? { is: "bits", slot: count } : { is: "slot", slot: count, times: size };
    let to: Place;
    if (extent.from === "rest") {
      // The first test and the test before this block have left room for all that is fixed.
      const otherwise = refusal("divisible", name, block, `a multiple of ${size} bytes`, at);
      this.#steps.push({ step: "left", slot: count, at, after: extent.after, size, otherwise });
      this.#limits(block, count, at);
      to = { from: "end", plus: -extent.after };
    } else {
      this.#count(block, extent, count, at);
      this.#limits(block, count, at);
      const otherwise = refusal("short", name, block, "", { from: "end", plus: 0 });
      this.#steps.push({ step: "need", at, by, after: runSize(this.#blocks, index + 1), otherwise });
      const mark = ++this.#marks;
      this.#steps.push({ step: "mark", mark, at, by });
      to = { from: mark, plus: 0 };
    }
    if (block.block === "items")
      this.#steps.push(...this.#rows(name, block.item, { is: "slot", slot: count, times: 1 }, at));
    if (block.block === "bits") {
      const otherwise = refusal("padding", name, block, "zero bits", behind(to, -1));
      this.#steps.push({ step: "padding", count, order: block.order, end: to, otherwise });
    }
    if (block.block === "bytes") {
      const slot: Slot = { of: name, as: "value" };
      if (block.text === null) this.#steps.push({ step: "bytes", slot, at, count });
      else {
        const otherwise = refusal("text", name, block, block.text, at);
        this.#steps.push({ step: "text", slot, at, to, encoding: block.text, otherwise });
      }
    }
    return to;
  }

  /** What a field or a parameter says, and whether that is a number of things at all. */
  #count(block: CountedBlock, extent: Exclude<CountedExtent, { from: "rest" }>, count: Slot, at: Place): void {
    const { plus } = extent;
    const is = { type: "int", min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER } as const;
    if (extent.from === "param") {
      const of = { op: "param", name: extent.param, is } as const;
      const otherwise = refusal("argument", extent.param, block, "a count", at);
      this.#steps.push({ step: "let", slot: count, amount: { is: "expression", of, plus } });
      this.#steps.push({ step: "whole", slot: count, otherwise });
      return;
    }
    const of = { op: "field", path: [extent.field], is } as const;
    this.#steps.push({ step: "let", slot: count, amount: { is: "expression", of, plus } });
    if (plus >= 0) return;
    this.#steps.push({
      step: "test",
      slot: count,
      field: null,
      breaches: [{ is: "outside", min: 0, max: null }],
      told: { of: extent.field, as: "value" },
      otherwise: refusal("range", extent.field, block, `at least ${-plus}`, at),
    });
  }

  #limits(block: CountedBlock, slot: Slot, at: Place): void {
    if (block.block === "bits") return;
    const min = block.min > 0 ? block.min : null;
    if (min === null && block.max === null) return;
    const expected = limitsText(block.min, block.max, block.block === "bytes" ? "bytes" : "items");
    this.#steps.push({
      step: "test",
      slot,
      field: null,
      breaches: [{ is: "outside", min, max: block.max }],
      told: slot,
      otherwise: refusal("count", block.name, block, expected, at),
    });
  }

  #rows(path: string, item: Item, count: Amount, at: Place): ReadStep[] {
    const steps = this.fields(item.fields, { from: "item", plus: 0 }, `${path}[*]`, true);
    return steps.length === 0 ? [] : [{ step: "rows", count, at, size: item.size, steps }];
  }

  /** Tests of the fields of a block or item. @param isItem no later step asks for what an item holds */
  fields(fields: readonly Field[], at: Place, prefix: string, isItem: boolean): ReadStep[] {
    return fields.flatMap((field): ReadStep[] => {
      const path = join(prefix, field.name);
      const place = behind(at, field.offset);
      const slot: Slot = { of: path, as: "value" };
      switch (field.kind) {
        case "const": {
          const expected = field.bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
          const otherwise = refusal("constant", path, field, expected, place);
          return [{ step: "match", at: place, bytes: field.bytes, otherwise }];
        }
        case "int": {
          const isKept = isDerivedFrom(field, "extent") || (!isItem && this.#asked.has(path));
          if (field.size !== 8 && !isRuled(field) && !isKept) return [];
          return [
            ...this.#number(field, field, slot, at, isKept),
            ...(field.derive === null ? [] : this.#sum(field, field.derive, fields, slot, at)),
          ];
        }
        case "bits": {
          const isKept = !isItem && (field.derive !== null || this.#asked.has(path));
          if (field.rule === null && field.enum?.strict !== true && !isKept) return [];
          return this.#number(field, asInteger(field), slot, at, isKept);
        }
        case "text": {
          const { encoding } = field;
          const otherwise = refusal("text", path, field, encoding, place);
          return [{ step: "text", slot, at: place, to: behind(place, field.size), encoding, otherwise }];
        }
        case "struct":
          return this.fields(field.fields, at, path, isItem);
        case "array":
          // Items of items are read with the value.
          return isItem ? [] : this.#rows(path, field.item, { is: "number", value: field.count }, place);
        case "bytes":
        case "float":
          return [];
      }
    });
  }

  #number(field: IntField | BitField, as: IntField, slot: Slot, at: Place, isKept: boolean): ReadStep[] {
    const place = behind(at, field.offset);
    const safe = as.signed ? "within ±(2^53-1)" : "at most 2^53-1";
    const unsafe = refusal("unsafe-integer", slot.of, field, safe, place, as.secret);
    return [
      { step: "load", slot, field, at, isKept, otherwise: unsafe },
      ...rulesOf(as).map(({ code, breach, expected }): ReadStep => {
        const otherwise = refusal(code, slot.of, field, expected, place, as.secret);
        return { step: "test", slot, field, breaches: [breach], told: slot, otherwise };
      }),
    ];
  }

  /** The test of a checksum; it waits for the last test where it covers what lies behind something of variable size. */
  #sum(field: IntField, derive: Derive, siblings: readonly Field[], slot: Slot, at: Place): ReadStep[] {
    const place = behind(at, field.offset);
    if (derive.from === "checksum") {
      const { sum, first, last } = derive;
      const otherwise = refusal("crc", slot.of, field, `the ${sum.name} checksum`, place);
      this.#deferred.push(() => {
        const from: Place = first === null ? { from: "start", plus: 0 } : this.#spanOf(first)[0];
        const to = last === null ? this.#spanOf(field.name)[0] : this.#spanOf(last)[1];
        return { step: "sum", slot, sum, at: from, to, field: place, otherwise };
      });
      return [];
    }
    if (derive.from !== "crc32") return [];
    const { of } = derive;
    const otherwise = refusal("crc", slot.of, field, `the CRC-32 of ${of}`, place);
    const test = (from: Place, to: Place | Slot): ReadStep => ({
      step: "sum",
      slot,
      sum: { name: "crc32" },
      at: from,
      to,
      field: place,
      otherwise,
    });
    const sibling = siblings.find((other) => other.kind === "bytes" && other.name === of);
    if (sibling !== undefined) return [test(behind(at, sibling.offset), behind(at, sibling.offset + sibling.size))];
    this.#deferred.push(() => {
      const [from, to] = this.#spanOf(of);
      const isFixed = this.#blocks.some(
        (block) => block.block === "fixed" && block.fields.some(({ name }) => name === of),
      );
      return test(from, isFixed ? to : { of, as: "count" });
    });
    return [];
  }

  /** Where a field or block starts and ends. */
  #spanOf(name: string): [start: Place, end: Place] {
    const index = this.#blocks.findIndex((block) =>
      block.block === "fixed" ? block.fields.some((each) => each.name === name) : block.name === name,
    );
    const block = this.#blocks[index]!;
    const start = this.#starts[index]!;
    if (block.block !== "fixed") return [start, this.#ends[index]!];
    const inner = block.fields.find((each) => each.name === name)!;
    return [behind(start, inner.offset), behind(start, inner.offset + inner.size)];
  }
}

type CountedExtent = ReturnType<typeof extentOf>;

function refusal(
  code: Refusal["code"],
  path: string,
  { file, line }: Named,
  expected: string,
  at: Place,
  secret = false,
): Refusal {
  return { code, path, file, line, expected, secret, at };
}

/** A field's path as the spec names it: `coins[*].serial`. */
function join(prefix: string, name: string): string {
  if (name === "") return prefix;
  return prefix === "" ? name : `${prefix}.${name}`;
}

function behind({ from, plus }: Place, bytes: number): Place {
  return { from, plus: plus + bytes };
}
