/** Plans the writing of fields of fixed size. */
import {
  isConstant,
  rangeOf,
  type BitField,
  type Block,
  type Derive,
  type Field,
  type IntField,
  type Item,
} from "../ir.js";
import { behind, join, refusal } from "./fields.js";
import type { Amount, Place, Refusal, Slot } from "./plan.js";
import { asInteger, bounds, rulesOf, type NumberRule } from "./rules.js";
import type { Share, WriteStep } from "./write-plan.js";

/** A checksum that is written when what it covers is. */
export interface LateSum {
  readonly field: IntField;
  readonly derive: Extract<Derive, { from: "checksum" }>;
  /** Where the block of the field starts. */
  readonly at: Place;
}

/** Plans the fields of one layout. */
export class WriteFieldPlanner {
  readonly late: LateSum[] = [];
  readonly #blocks: readonly Block[];
  readonly #type: { readonly file: string; readonly line: number };

  /** @param type where the spec says what the blocks are of */
  constructor(blocks: readonly Block[], type: { readonly file: string; readonly line: number }) {
    this.#blocks = blocks;
    this.#type = type;
  }

  /** The writing of the fields of a block or item. */
  fields(fields: readonly Field[], at: Place, prefix: string): WriteStep[] {
    return fields.flatMap((field): WriteStep[] => {
      const path = join(prefix, field.name);
      const place = behind(at, field.offset);
      const slot: Slot = { of: path, as: "value" };
      const refuse = (code: Refusal["code"], expected: string): Refusal => refusal(code, path, field, expected, place);
      switch (field.kind) {
        case "const":
          return [{ step: "put", at: place, bytes: field.bytes }];
        case "int":
          return [...this.#integer(field, fields, slot, at, prefix), { step: "store", slot, field, at }];
        case "bits":
          return [...this.#bits(field, slot, place), ...this.#word(field, fields, at, prefix)];
        case "float":
          return [{ step: "float", slot, field, at: place, otherwise: refuse("argument", "a number") }];
        case "bytes": {
          const otherwise = refuse("length", `${field.size} bytes`);
          return [{ step: "bytes", slot, text: null, size: field.size, at: place, otherwise }];
        }
        case "text": {
          const otherwise = refuse("length", `${field.encoding} text of ${field.size} bytes`);
          return [{ step: "bytes", slot, text: field.encoding, size: field.size, at: place, otherwise }];
        }
        case "struct": {
          const steps = this.fields(field.fields, at, path);
          return [{ step: "object", slot, otherwise: refuse("argument", "an object"), steps }];
        }
        case "array": {
          const { count, item } = field;
          const otherwise = refuse("count", `${count} items`);
          return [
            { step: "list", slot, count, otherwise },
            this.rows(slot, item, { is: "number", value: count }, place),
          ];
        }
      }
    });
  }

  /** The writing of items of one size. */
  rows(slot: Slot, item: Item, count: Amount, at: Place): WriteStep {
    const path = `${slot.of}[*]`;
    const start: Place = { from: "item", plus: 0 };
    const object = item.type === null ? null : refusal("argument", path, this.#type, "an object", start);
    return { step: "rows", slot, count, at, size: item.size, object, steps: this.fields(item.fields, start, path) };
  }

  #integer(field: IntField, siblings: readonly Field[], slot: Slot, at: Place, prefix: string): WriteStep[] {
    const { derive, rule } = field;
    const place = behind(at, field.offset);
    if (derive?.from === "crc32") return [this.#crc32(field, derive.of, siblings, slot, place, prefix)];
    if (derive?.from === "extent") return derived(field, derive, 8 * field.size, slot, place);
    if (derive?.from === "checksum") {
      // Written when what it covers is; until then the checksum over itself sees zeros.
      this.late.push({ field, derive, at });
      return [{ step: "let", slot, amount: { is: "number", value: 0 } }];
    }
    if (rule !== null && isConstant(rule)) return [{ step: "constant", slot, field, value: rule.min! }];
    const { min, max } = bounds(field);
    const rules = rulesOf(field);
    const isRange = (code: string): boolean => code === "range" && (rule?.anyOf ?? null) === null;
    const refuse = (code: Refusal["code"], expected: string): Refusal =>
      refusal(code, slot.of, field, expected, place, field.secret);
    return [
      {
        step: "take",
        slot,
        field,
        breaches: rules.filter(({ code }) => isRange(code)).map(({ breach }) => breach),
        otherwise: refuse("range", `${min} to ${max}`),
        unsafe: refuse("range", field.signed ? "within ±(2^53-1)" : "0 to 2^53-1"),
      },
      ...rules
        .filter(({ code }) => !isRange(code))
        .map(({ code, breach, expected }): WriteStep => testOf(field, slot, breach, refuse(code, expected))),
    ];
  }

  #bits(field: BitField, slot: Slot, place: Place): WriteStep[] {
    if (field.derive?.from === "extent") return derived(asInteger(field), field.derive, field.width, slot, place);
    const refuse = (code: Refusal["code"], expected: string): Refusal => refusal(code, slot.of, field, expected, place);
    const rules = rulesOf(asInteger(field));
    const isTruth = field.width === 1;
    const [low, high] = rangeOf(field.width, false);
    const { rule } = field;
    // One test where one refusal says all that is asked, others behind it for what the bits could hold.
    const isTaken = ({ code, breach }: NumberRule): boolean =>
      !isTruth && (code === "constant" || (code === "range" && breach.is === "outside"));
    const otherwise = isTruth
      ? refuse("range", "true or false")
      : rule !== null && isConstant(rule)
        ? refuse("constant", String(rule.min))
        : refuse("range", `${rule?.min ?? low} to ${rule?.max ?? high}`);
    const breaches = rules.filter(isTaken).map(({ breach }) => breach);
    const tests = isTruth && rule === null ? [] : rules.filter((each) => !isTaken(each));
    return [
      { step: "take", slot, field, breaches, otherwise, unsafe: otherwise },
      ...tests.map(({ code, breach, expected }) => testOf(field, slot, breach, refuse(code, expected))),
    ];
  }

  /** Writes an integer of bits with the last of them. */
  #word(field: BitField, siblings: readonly Field[], at: Place, prefix: string): WriteStep[] {
    const shared = siblings.filter((each): each is BitField => each.kind === "bits" && each.offset === field.offset);
    if (shared.at(-1) !== field) return [];
    const parts = shared.map((each) => ({ slot: { of: join(prefix, each.name), as: "value" } as const, field: each }));
    return [{ step: "word", at, parts }];
  }

  /** The value that a checksum covers is taken from the value, not from what was written. */
  #crc32(field: IntField, of: string, siblings: readonly Field[], slot: Slot, place: Place, prefix: string): WriteStep {
    const index = siblings.findIndex(({ name, kind }) => name === of && kind === "bytes");
    const covered: Slot = { of: join(prefix, of), as: "value" };
    if (index >= 0 && index < siblings.indexOf(field))
      return { step: "crc32", slot, of: covered, bytes: siblings[index]!.size, otherwise: null };
    if (this.#blocks.some((block) => block.block === "bytes" && block.name === of))
      return { step: "crc32", slot, of: { of, as: "value" }, bytes: null, otherwise: null };
    const fixed = this.#blocks.flatMap((block) => (block.block === "fixed" ? block.fields : []));
    const later = [...siblings, ...fixed].find(({ name }) => name === of)!;
    const otherwise = refusal("length", covered.of, later, `${later.size} bytes`, place);
    return { step: "crc32", slot, of: covered, bytes: later.size, otherwise };
  }
}

function testOf(
  field: IntField | BitField,
  slot: Slot,
  breach: Extract<WriteStep, { step: "test" }>["breaches"][number],
  otherwise: Refusal,
): WriteStep {
  return { step: "test", slot, field, breaches: [breach], told: slot, otherwise };
}

/** A length that follows from a block. @param bits that it has */
function derived(
  field: IntField,
  { of, minus, times }: Extract<Derive, { from: "extent" }>,
  bits: number,
  slot: Slot,
  place: Place,
): WriteStep[] {
  const [low, high] = rangeOf(bits, field.signed);
  const min = field.rule?.min ?? low;
  const max = field.rule?.max ?? high;
  const expected = `${field.name} of ${min} to ${max}${times === 1 ? "" : `, a multiple of ${times}`}`;
  return [
    { step: "let", slot, amount: shareOf(of, minus, times) },
    {
      step: "test",
      slot,
      field: null,
      breaches: [
        ...(times === 1 ? [] : [{ is: "broken" } as const]),
        { is: "outside", min: (0 - minus) / times < min ? min : null, max },
      ],
      told: slot,
      otherwise: refusal("range", of, field, expected, place),
    },
  ];
}

/** What a length is, by the count of what it measures. */
export function shareOf(of: string, minus: number, by: number): Share {
  return { is: "share", slot: { of, as: "count" }, minus, by };
}
