/** Plans how pieces are written and measured. */
import { isConstantPiece } from "../shown.js";
import type { Content, Field, PieceBlock, Type, TypeRef } from "../ir.js";
import { contentReach, watchOf } from "../reach.js";
import { refusal } from "./fields.js";
import type { NumberTest, Place, Refusal } from "./plan.js";
import { limitsText } from "./rules.js";
import { shareOf, type WriteFieldPlanner } from "./write-fields.js";
import type { WritePart, WriteStep } from "./write-plan.js";

const START: Place = { from: "item", plus: 0 };

type PieceStep = Extract<WriteStep, { step: "piece" }>;

/** Plans one piece. */
export class WritePiecePlanner {
  readonly #block: PieceBlock;
  readonly #find: (ref: TypeRef) => Type;
  readonly #fields: WriteFieldPlanner;
  readonly #path: string;
  /** Its size follows from it, so that nothing is to be compared. */
  readonly #isMeasured: boolean;
  readonly #watch: { readonly whole: boolean; readonly values: boolean };

  /** @param find the layout of a type @param isLast nothing stands behind it that would be lost */
  constructor(
    block: PieceBlock,
    find: (ref: TypeRef) => Type,
    fields: WriteFieldPlanner,
    isLast: boolean,
    isMeasured: boolean,
  ) {
    this.#block = block;
    this.#find = find;
    this.#fields = fields;
    this.#path = block.repeat === null ? block.name : `${block.name}[*]`;
    this.#isMeasured = isMeasured;
    this.#watch = watchOf(block, isLast, find);
  }

  plan(): Omit<PieceStep, "at" | "mark"> {
    const block = this.#block;
    const agrees =
      block.condition === null || isConstantPiece(block)
        ? null
        : this.#refusal("argument", "a value exactly where the spec's condition holds", block.name);
    const isWatched = this.#watch.whole || this.#watch.values;
    return { step: "piece", block, agrees, isWatched, isGreedy: this.#watch.whole, part: this.part() };
  }

  part(): WritePart {
    const { repeat, name, min, max } = this.#block;
    if (repeat === null) return this.#sized();
    const least = repeat.by === "until" ? Math.max(1, min) : min;
    return {
      part: "list",
      repeat,
      mistaken: this.#refusal("argument", "a list", name),
      tests: this.#limits(least, max, "items", name),
      agrees:
        repeat.by === "count" && !this.#isMeasured
          ? this.#refusal("count", "as many items as the spec says", name)
          : null,
      behind: this.#watch.values ? this.#refusal("argument", NOTHING_BEHIND) : null,
      item: this.#sized(),
      last:
        repeat.by === "until"
          ? this.#refusal("argument", "the condition of 'repeat-until' on the last item alone")
          : null,
    };
  }

  #limits(min: number, max: number | null, unit: "items" | "bytes", path = this.#path): NumberTest[] {
    if (min <= 0 && max === null) return [];
    const otherwise = this.#refusal("count", limitsText(min, max, unit), path);
    return [{ breach: { is: "outside", min: min > 0 ? min : null, max }, otherwise }];
  }

  #sized(): WritePart {
    const { size, open, content, repeat } = this.#block;
    const inner = this.#content(content);
    if (size === null || size === "rest" || (this.#isMeasured && repeat === null)) return inner;
    const otherwise = this.#refusal("length", "as many bytes as the spec says");
    return { part: "sized", size, isOpen: open, inner, otherwise };
  }

  #content(content: Content): WritePart {
    const { repeat, min, max } = this.#block;
    switch (content.content) {
      case "field": {
        const field = { ...content.field, name: "" } as Field;
        return { part: "field", field: content.field, steps: this.#fields.fields([field], START, this.#path) };
      }
      case "bytes": {
        const isWhole = content === this.#block.content && repeat === null;
        const tests = isWhole ? this.#limits(min, max, "bytes") : [];
        const { text } = content;
        const otherwise = text === null ? this.#refusal("argument", "bytes") : this.#refusal("text", text);
        return { part: "bytes", content, tests, otherwise };
      }
      case "varint": {
        const { derive } = content;
        const amount = derive?.from === "extent" ? shareOf(derive.of, derive.minus, derive.times) : null;
        const otherwise = this.#refusal("range", `an integer of at most ${content.maxBytes} bytes`);
        return { part: "varint", content, amount, otherwise };
      }
      case "type":
        return {
          part: "call",
          content,
          within: this.#refusal("short", ""),
          tellsReach: this.#watch.values && contentReach(content, this.#find) === "sometimes",
        };
      case "choice": {
        const cases = content.cases.map(({ values, content: each }) => ({
          values,
          part: this.#content(each),
          isGreedy: this.#watch.values && contentReach(each, this.#find) === "always",
        }));
        return { part: "choice", content, cases, otherwise: this.#refusal("kind", "a case of the choice") };
      }
    }
  }

  #refusal(code: Refusal["code"], expected: string, path = this.#path): Refusal {
    return refusal(code, path, this.#block, expected, START);
  }
}

export const NOTHING_BEHIND = "nothing behind a value that takes all bytes that are left";
