/** Plans how pieces are tested: what may be absent, repeated, bounded, of a type or of one of several. */
import { operandOf, type Content, type Expr, type PieceBlock, type Type, type TypeRef } from "../ir.js";
import { leastContent } from "../sizes.js";
import type { NumberTest, Part, Place, Refusal } from "./plan.js";
import { planField, refusal } from "./fields.js";
import { limitsText } from "./rules.js";

const START: Place = { from: "item", plus: 0 };
const END: Place = { from: "end", plus: 0 };

/** The plan of a piece where it is there. @param find the layout of a type */
export function planPiece(block: PieceBlock, find: (ref: TypeRef) => Type): Part {
  return new PiecePlanner(block, find).plan();
}

/** The least bytes of an item of a list. @param find the layout of a type */
export function leastItem({ size, content }: PieceBlock, find: (ref: TypeRef) => Type): number {
  if (size !== null) return size !== "rest" && size.op === "int" ? size.value : 0;
  return leastContent(content, (ref) => find(ref).minSize);
}

class PiecePlanner {
  readonly #block: PieceBlock;
  readonly #find: (ref: TypeRef) => Type;
  readonly #path: string;

  constructor(block: PieceBlock, find: (ref: TypeRef) => Type) {
    this.#block = block;
    this.#find = find;
    this.#path = block.repeat === null ? block.name : `${block.name}[*]`;
  }

  plan(): Part {
    const { repeat, name, min, max } = this.#block;
    if (repeat === null) return this.#sized();
    const refuse = (expected: string, at = START): Refusal => this.#refusal("count", expected, at, name);
    const isCounted = repeat.by === "count";
    const item = this.#sized();
    const least = leastItem(this.#block, this.#find);
    return {
      part: "list",
      repeat,
      tests: isCounted ? this.#countTests(repeat.count) : [],
      least: isCounted ? least : 0,
      short: this.#refusal("short", "", END, name),
      most: isCounted || max === null ? null : { max, otherwise: refuse(`at most ${max} items`) },
      item,
      // Items without bytes would go on for ever.
      stays: isCounted || least > 0 ? null : this.#refusal("short", "at least 1 byte"),
      fewest: isCounted || min === 0 ? null : { min, otherwise: refuse(`at least ${min} items`) },
    };
  }

  #countTests(count: Expr): NumberTest[] {
    const { name, min, max } = this.#block;
    return [...this.#negative(count, "items", name), ...this.#limits(min, max, "items", name)];
  }

  #negative(e: Expr, unit: "items" | "bytes", path = this.#path): NumberTest[] {
    const is = operandOf(e);
    if (is.type !== "int" || is.min >= 0) return [];
    const otherwise = this.#refusal("range", `at least 0 ${unit}`, START, path);
    return [{ breach: { is: "outside", min: 0, max: null }, otherwise }];
  }

  #limits(min: number, max: number | null, unit: "items" | "bytes", path = this.#path): NumberTest[] {
    if (min <= 0 && max === null) return [];
    const otherwise = this.#refusal("count", limitsText(min, max, unit), START, path);
    return [{ breach: { is: "outside", min: min > 0 ? min : null, max }, otherwise }];
  }

  /** One value within its own bytes, where their number is given. */
  #sized(): Part {
    const { size, content, open, repeat, min, max } = this.#block;
    const inner = this.#content(content);
    if (size === null) return inner;
    const isBytes = content.content === "bytes";
    // What stands in bytes of its own has to fill them.
    const fill = isBytes || open ? null : this.#refusal("trailing", "", { from: "behind", plus: 0 });
    if (size === "rest") return { part: "rest", inner, fill };
    const limits = repeat === null && isBytes ? this.#limits(min, max, "bytes") : [];
    const short = this.#refusal("short", "", END);
    return { part: "sized", size, tests: [...this.#negative(size, "bytes"), ...limits], short, inner, fill };
  }

  #content(content: Content): Part {
    const { size, repeat, min, max } = this.#block;
    switch (content.content) {
      case "field": {
        const { field } = content;
        const short = this.#refusal("short", `${field.size} bytes`);
        const isCovered = repeat?.by === "count" && size === null && content === this.#block.content;
        return { part: "field", field, isCovered, short, steps: planField(field, this.#path, repeat !== null) };
      }
      case "bytes": {
        const tests = size === "rest" && repeat === null ? this.#limits(min, max, "bytes") : [];
        const { text } = content;
        return { part: "bytes", tests, text, otherwise: this.#refusal("text", text ?? "") };
      }
      case "varint": {
        const short = this.#refusal("short", "a byte without its top bit");
        const most = `an integer of at most ${content.maxBytes} bytes, in its shortest form`;
        return { part: "varint", content, short, range: this.#refusal("range", most) };
      }
      case "type":
        return { part: "call", content, within: this.#refusal("short", "") };
      case "choice": {
        const cases = content.cases.map(({ values, content: each }) => ({ values, part: this.#content(each) }));
        const known = content.cases.flatMap(({ values }) => (values === "else" ? [] : values));
        const expected = `a case of ${known.map((one) => JSON.stringify(one)).join(", ")}`;
        return { part: "choice", content, cases, otherwise: this.#refusal("kind", expected) };
      }
    }
  }

  #refusal(code: Refusal["code"], expected: string, at: Place = START, path = this.#path): Refusal {
    return refusal(code, path, this.#block, expected, at);
  }
}
