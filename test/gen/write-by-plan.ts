/** Writes values by walking the plan of their type: what a plan says to one who writes no code of it. */
import { lengthOf } from "../../src/bytes/checks.js";
import { Layouts } from "../../src/gen/emit-ts/layouts.js";
import { isStreamed, type Module, type PieceBlock, type Type, type TypeRef } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";
import type { NumberTest, Place, Refusal, Slot } from "../../src/gen/plan/plan.js";
import type { WritePart, WriteStep } from "../../src/gen/plan/write-plan.js";
import { planWrite } from "../../src/gen/plan/write.js";
import { checksum } from "./checksums.js";
import {
  measure,
  Measuring,
  NOWHERE,
  plans,
  Refusing,
  writtenOf,
  type Context,
  type Out,
  type Params,
  type Part,
  type Refused,
} from "./measure-by-plan.js";
import { breaks, key } from "./plan-walk.js";
import {
  bytesOf,
  encoded,
  groupsOf,
  isFit,
  isObject,
  lengthIn,
  memberOf,
  pathOf,
  textLength,
} from "./written-values.js";

/** Longer values are not written: a stranger has said how long they are. */
const BYTES_MAX = 1 << 20;

/** What becomes of a value: its bytes, or why it has none. */
export interface Outcome {
  readonly written: Uint8Array | Refused;
  /** Expressions have met values of wrong types, which each language works out as it likes. */
  readonly isStrange: boolean;
}

/** Writes a value. @param isBig integers of 64 bits are bigints */
export function writeByPlan(module: Module, type: Type, value: unknown, params: Params, isBig: boolean): Outcome {
  const out: Out = {
    bytes: [],
    layouts: plans.of(module, "layouts", () => new Layouts(module)),
    isBig,
    isStrange: false,
    size: 0,
    toEnd: false,
  };
  const ref = { name: type.name, module: module.id };
  try {
    const size = measure(type, ref, value, params, out, !isStreamed(type), 0);
    out.size = size;
    put(type, ref, value, params, out, 0, !isStreamed(type));
    if (out.bytes.length !== size && !out.isStrange)
      throw new Error(`measured as ${size} bytes, written as ${out.bytes.length}`);
    return { written: Uint8Array.from(out.bytes), isStrange: out.isStrange };
  } catch (error) {
    if (error instanceof Refusing) return { written: error.refused, isStrange: out.isStrange };
    throw error;
  }
}

function put(type: Type, ref: TypeRef, value: unknown, params: Params, out: Out, at: number, isAlone: boolean): number {
  const [written] = writtenOf(type, ref, value, out, isAlone, at);
  const plan = plans.of(written.blocks, `write ${written.isHeld}`, () =>
    planWrite(written, (of) => out.layouts.get(of)),
  );
  const walk = new Walk(out, value, params, at, written, 0);
  walk.steps(plan.first);
  walk.steps(plan.steps);
  const end = walk.place(plan.end);
  while (out.bytes.length < end) out.bytes.push(0);
  return end;
}

class Walk extends Measuring {
  /** Where a value has ended that takes all bytes that are left. */
  readonly #ends = new Map<string, number>();

  steps(steps: readonly WriteStep[], context: Context = NOWHERE): void {
    for (const step of steps) this.#step(step, context);
  }

  #store(at: number, bytes: Iterable<number>): void {
    const out = this.out.bytes;
    let i = at;
    for (const byte of bytes) {
      if (i > BYTES_MAX) throw new Refusing("space", "", 0);
      // What is measured by its size alone can be longer, which its writer sees when there is no room.
      this.out.isStrange ||= i >= this.out.size;
      while (out.length < i) out.push(0);
      out[i++] = byte;
    }
  }

  #step(step: WriteStep, context: Context): void {
    const { bytes } = this.out;
    const place = (of: Place): number => this.place(of, context);
    switch (step.step) {
      case "object": {
        const value = this.source(step.slot.of);
        if (step.slot.of === "" && this.written.isHeld ? !isObject(value) : !value) {
          this.refuse(step.otherwise, context);
        }
        return this.steps(step.steps, context);
      }
      case "tell": {
        const { of } = step.slot;
        const { told } = step;
        const kind = told.by === "kind" ? memberOf(this.source(told.of), "kind") : null;
        const follows = told.by === "number" ? told.value : told.kinds.find((each) => each.kind === kind)?.value;
        const number = memberOf(this.value, of) ?? follows;
        this.sources.set(of, number);
        this.known[camel(of)] = number;
        return;
      }
      case "count":
        return this.#count(step, context);
      case "agree":
        if (this.slots.get(key(step.slot)) !== this.amount(step.amount)) this.refuse(step.otherwise, context);
        return;
      case "measure":
        return this.measureOf(step);
      case "let":
        this.slots.set(key(step.slot), this.amount(step.amount));
        // What follows from others is asked for by its name, as members are.
        this.known[camel(step.slot.of)] = this.amount(step.amount);
        return;
      case "mark":
        this.marks.set(step.mark, place(step.at) + (step.by === null ? 0 : this.amount(step.by)));
        return;
      case "take": {
        const { slot, field, breaches } = step;
        const value = this.source(slot.of);
        if (!isFit(value, field, this.out.isBig)) this.refuse(step.otherwise, context);
        const number = typeof value === "bigint" ? value : Number(value);
        if (breaches.some((breach) => breaks(breach, number))) this.refuse(step.otherwise, context);
        this.slots.set(key(slot), number);
        return;
      }
      case "test": {
        const number = this.slots.get(key(step.slot)) as number;
        if (step.breaches.some((breach) => breaks(breach, number))) this.refuse(step.otherwise, context);
        return;
      }
      case "constant":
        this.slots.set(key(step.slot), step.value);
        return;
      case "crc32": {
        const value = this.source(step.of.of);
        if (step.otherwise !== null) this.#requireBytes(value, step.bytes!, step.otherwise, context);
        const covered = typeof value === "string" ? encoded(value, "utf-8")! : (value as Uint8Array);
        this.slots.set(key(step.slot), checksum({ name: "crc32" }, [...covered]));
        return;
      }
      case "sum": {
        const [from, field] = [place(step.at), place(step.field)];
        const covered = bytes
          .slice(from, place(step.to))
          .map((byte, i) => (step.sum.name === "internet" && from + i >= field && from + i < field + 2 ? 0 : byte));
        this.slots.set(key(step.slot), checksum(step.sum, covered));
        return;
      }
      case "put":
        return this.#store(place(step.at), step.bytes);
      case "store": {
        const { field, slot, at } = step;
        return this.#store(place(at) + field.offset, bytesOf(this.#bits(slot), field));
      }
      case "word": {
        const { field } = step.parts[0]!;
        const word = step.parts.reduce((sum, part) => sum | (this.#bits(part.slot) << BigInt(part.field.shift)), 0n);
        return this.#store(place(step.at) + field.offset, bytesOf(word, field));
      }
      case "float": {
        const { field, at } = step;
        const value = this.source(step.slot.of);
        if (typeof value !== "number") return this.refuse(step.otherwise, context);
        const view = new DataView(new ArrayBuffer(field.size));
        if (field.size === 4) view.setFloat32(0, value, field.endian === "le");
        else view.setFloat64(0, value, field.endian === "le");
        return this.#store(place(at), new Uint8Array(view.buffer));
      }
      case "bytes": {
        const value = this.source(step.slot.of);
        if (step.text === null) this.#requireBytes(value, step.size, step.otherwise, context);
        const written = step.text === null ? (value as Uint8Array) : encoded(value, step.text);
        if (written?.length !== step.size) return this.refuse(step.otherwise, context);
        return this.#store(place(step.at), written);
      }
      case "copy": {
        const value = this.source(step.slot.of);
        return this.#store(
          place(step.at),
          typeof value === "string" ? encoded(value, "utf-8")! : (value as Uint8Array),
        );
      }
      case "list":
        if (memberOf(this.source(step.slot.of), "length") !== step.count) this.refuse(step.otherwise, context);
        return;
      case "rows": {
        const list = this.source(step.slot.of) as Record<number, unknown>;
        const count = this.amount(step.count);
        for (let i = 0; i < count; i++) {
          const inner = { ...context, start: place(step.at) + i * step.size, index: i };
          if (step.object !== null && !list[i]) this.refuse(step.object, inner);
          this.sources.set(`${step.slot.of}[*]`, list[i]);
          this.steps(step.steps, inner);
        }
        return;
      }
      case "flags": {
        const list = this.source(step.slot.of) as Record<number, unknown>;
        const count = this.slots.get(`${step.slot.of} count`) as number;
        const written = new Uint8Array(Math.ceil(count / 8));
        for (let i = 0; i < count; i++) {
          if (typeof list[i] !== "boolean") this.refuse(step.otherwise, { ...context, index: i });
          if (list[i] === true) written[i >> 3]! |= step.order === "lsb" ? 1 << (i % 8) : 128 >> (i % 8);
        }
        return this.#store(place(step.at), written);
      }
      case "piece": {
        const { block, agrees, part } = step;
        const value = this.source(block.name);
        const start = place(step.at);
        this.marks.set(step.mark, start);
        const holds = block.condition === null || this.evaluate(block.condition) === true;
        if (agrees !== null && holds !== (value !== undefined)) this.refuse(agrees, { ...context, start });
        if (!holds) return;
        const end = this.#part(part, { start, index: null, value, block });
        if (step.isGreedy) this.#watched(block, end);
        this.marks.set(step.mark, end);
        return;
      }
      case "reach":
        this.out.toEnd = typeof step.of === "boolean" ? step.of : this.#ends.has(step.of);
        return;
      case "last": {
        const end = this.#ends.get(step.of);
        if (end !== undefined && end !== place(step.end))
          throw new Refusing(step.otherwise.code, pathOf(step.otherwise.path), end);
      }
    }
  }

  /** Notes where the first value ends that takes all bytes that are left. */
  #watched({ name }: PieceBlock, end: number): void {
    if (!this.#ends.has(name)) this.#ends.set(name, end);
  }

  #bits(slot: Slot): bigint {
    return BigInt(this.slots.get(key(slot)) as number);
  }

  #requireBytes(value: unknown, size: number, otherwise: Refusal, context: Context): void {
    const length = lengthOf(value);
    if (length !== size) this.refuse(length < 0 ? { ...otherwise, code: "argument" } : otherwise, context);
  }

  #count(step: Extract<WriteStep, { step: "count" }>, context: Context): void {
    const value = this.source(step.slot.of);
    const { counted, min, max, otherwise } = step;
    let count: number;
    if (counted === "items") {
      count = lengthIn(value);
      if (!Number.isInteger(count)) this.refuse(otherwise, context);
    } else if (counted === "bytes") {
      count = lengthOf(value);
      if (count < 0) this.refuse({ ...otherwise, code: "argument" }, context);
    } else {
      const text = encoded(value, counted);
      if (text === undefined) this.refuse(step.mistaken, context);
      count = text!.length;
    }
    if (count < min || (max !== null && count > max)) this.refuse(otherwise, context);
    this.slots.set(key(step.slot), count);
  }

  #tests(tests: readonly NumberTest[], number: number, context: Context): void {
    for (const { breach, otherwise } of tests) if (breaks(breach, number)) this.refuse(otherwise, context);
  }

  /** @returns where it ends */
  #part(part: WritePart, context: Context): number {
    const { start, value, block } = context;
    switch (part.part) {
      case "list":
        return this.#list(part, context);
      case "sized": {
        const end = this.#part(part.inner, context);
        const size = Number(this.evaluate(part.size));
        if (part.isOpen ? end - start > size : end - start !== size) this.refuse(part.otherwise, context);
        this.#store(end, new Uint8Array(Math.min(start + size - end, BYTES_MAX)));
        return start + size;
      }
      case "field": {
        const path = block!.repeat === null ? block!.name : `${block!.name}[*]`;
        this.sources.set(path, value);
        this.steps(part.steps, context);
        return start + part.field.size;
      }
      case "bytes": {
        const { text } = part.content;
        this.#tests(part.tests, Math.max(0, text === null ? lengthOf(value) : textLength(value)), context);
        const written =
          text === null ? (lengthOf(value) < 0 ? undefined : (value as Uint8Array)) : encoded(value, text);
        if (written === undefined) return this.refuse(part.otherwise, context);
        this.#store(start, written);
        return start + written.length;
      }
      case "varint": {
        const number = part.amount === null ? value : this.amount(part.amount);
        const isWhole = typeof number === "bigint" ? number < 1n << 64n : Number.isSafeInteger(number);
        const groups = isWhole && (number as number) >= 0 ? groupsOf(BigInt(number as number)) : undefined;
        if (groups === undefined || groups.length > part.content.maxBytes) return this.refuse(part.otherwise, context);
        const ordered = part.content.order === "leb128" ? groups : groups.toReversed();
        this.#store(
          start,
          ordered.map((group, i) => (i < ordered.length - 1 ? group | 128 : group)),
        );
        return start + groups.length;
      }
      case "call": {
        const end = this.called(part, context, (type, ref, params) =>
          put(type, ref, value, params, this.out, start, false),
        );
        if (part.tellsReach && this.out.toEnd) this.#watched(block!, end);
        return end;
      }
      case "choice": {
        const chosen = this.caseOf(part);
        if (chosen === undefined) return this.refuse(part.otherwise, context);
        const end = this.#part(chosen.part, context);
        if (chosen.isGreedy) this.#watched(block!, end);
        return end;
      }
    }
  }

  #list({ repeat, mistaken, tests, agrees, behind, item, last }: Part<"list">, context: Context): number {
    const { value } = context;
    if (!Array.isArray(value)) return this.refuse(mistaken, context);
    this.#tests(tests, value.length, context);
    if (repeat.by === "count" && agrees !== null && value.length !== this.evaluate(repeat.count))
      this.refuse(agrees, context);
    let { start } = context;
    // What is missing is an item as well.
    [...(value as unknown[])].forEach((each, index) => {
      const inner = { ...context, start, index, value: each };
      if (behind !== null && this.#ends.has(context.block!.name)) this.refuse(behind, inner);
      start = this.#part(item, inner);
      if (repeat.by !== "until" || last === null) return;
      const isLast = this.evaluate(repeat.until, each) === true;
      if (isLast !== (index === value.length - 1)) this.refuse(last, { ...inner, start });
    });
    return start;
  }
}
