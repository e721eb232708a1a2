/** Plans how the bytes of a value are tested: in the order in which they lie, but for checksums over what follows. */
import type { Block, Type, TypeRef } from "../ir.js";
import { bytesBy, extentOf, unitOf, type CountedBlock } from "./extents.js";
import { pathsAskedBy } from "./asked.js";
import type { Mark, Place, ReadPlan, ReadStep, Slot } from "./plan.js";
import { behind, FieldPlanner, refusal, type PendingSum } from "./fields.js";
import { planPiece } from "./pieces.js";
import { limitsText } from "./rules.js";
import { coveredBy, spanOf } from "./spans.js";

/** The plan of one layout. @param find the layout of a type */
export function planRead(blocks: readonly Block[], find: (ref: TypeRef) => Type): ReadPlan {
  return new ReadPlanner(blocks).plan(find);
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

class ReadPlanner {
  readonly #blocks: readonly Block[];
  readonly #fields: FieldPlanner;
  readonly #steps: ReadStep[] = [];
  readonly #starts: Place[] = [];
  readonly #ends: Place[] = [];
  #marks: Mark = 0;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
    const pieces = new Set(blocks.flatMap((block) => (block.block === "piece" ? [block.name] : [])));
    const isField = (path: string): boolean => !pieces.has(path.split(".")[0]!);
    this.#fields = new FieldPlanner(new Set([...pathsAskedBy(blocks)].filter(isField)));
  }

  plan(find: (ref: TypeRef) => Type): ReadPlan {
    let place: Place = { from: "start", plus: 0 };
    this.#blocks.forEach((block, index) => {
      this.#starts.push(place);
      if (block.block === "fixed") {
        this.#steps.push(...this.#fields.fields(block.fields, place, "", false));
        place = behind(place, block.size);
      } else if (block.block === "piece") {
        const mark = ++this.#marks;
        this.#steps.push({ step: "piece", block, at: place, mark, part: planPiece(block, find) });
        place = { from: mark, plus: 0 };
        this.#needBehind(index, place);
      } else place = this.#counted(block, place, index);
      this.#ends.push(place);
    });
    const steps = [...this.#steps, ...this.#fields.pending.map((sum) => this.#sum(sum))];
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
    const size = unitOf(block);
    const by = bytesBy(block, count);
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
      this.#steps.push(...this.#fields.rows(name, block.item, { is: "slot", slot: count, times: 1 }, at));
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

  /** A checksum, tested once it is known where the bytes lie that it covers. */
  #sum({ field, derive, slot, place, otherwise }: PendingSum): ReadStep {
    const layout = { blocks: this.#blocks, starts: this.#starts, ends: this.#ends };
    if (derive.from === "checksum") {
      const [at, to] = coveredBy(layout, derive, field.name);
      return { step: "sum", slot, sum: derive.sum, at, to, field: place, otherwise };
    }
    const { of } = derive;
    const [at, end] = spanOf(layout, of);
    const isBlock = this.#blocks.some((block) => block.block !== "fixed" && block.name === of);
    const to: Place | Slot = isBlock ? { of, as: "count" } : end;
    return { step: "sum", slot, sum: { name: "crc32" }, at, to, field: place, otherwise };
  }
}

type CountedExtent = ReturnType<typeof extentOf>;
