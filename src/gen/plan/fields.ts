/** Plans the tests of fields of fixed size. */
import { isDerivedFrom, type BitField, type Derive, type Field, type IntField, type Item } from "../ir.js";
import type { Amount, Place, ReadStep, Refusal, Slot } from "./plan.js";
import { asInteger, isRuled, rulesOf } from "./rules.js";

/** A checksum over what it is not yet known where it lies. */
export interface PendingSum {
  readonly field: IntField;
  readonly derive: Exclude<Derive, { from: "extent" }>;
  readonly slot: Slot;
  /** Where the field lies. */
  readonly place: Place;
  readonly otherwise: Refusal;
}

/** The tests of a field that stands by itself at the start of an item. @param path what errors call it */
export function planField(field: Field, path: string, isItem: boolean): ReadStep[] {
  const planner = new FieldPlanner(new Set());
  const steps = planner.fields([{ ...field, name: "" } as Field], { from: "item", plus: 0 }, path, isItem);
  if (planner.pending.length > 0) throw new TypeError(`the checksum of ${path} has nothing that it covers`);
  return steps;
}

/** Plans the fields of one layout. */
export class FieldPlanner {
  /** Checksums that wait for the last test, because what they cover is of variable size or lies behind it. */
  readonly pending: PendingSum[] = [];
  readonly #asked: ReadonlySet<string>;

  /** @param asked paths of fields that later steps ask for */
  constructor(asked: ReadonlySet<string>) {
    this.#asked = asked;
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
          const tests = this.#number(field, field, slot, at, isKept);
          return field.derive === null ? tests : [...tests, ...this.#sum(field, field.derive, fields, slot, at)];
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
          return isItem ? [] : this.rows(path, field.item, { is: "number", value: field.count }, place);
        case "bytes":
        case "float":
          return [];
      }
    });
  }

  /** Tests of items of one size; none where nothing is asked of them. */
  rows(path: string, item: Item, count: Amount, at: Place): ReadStep[] {
    const steps = this.fields(item.fields, { from: "item", plus: 0 }, `${path}[*]`, true);
    return steps.length === 0 ? [] : [{ step: "rows", count, at, size: item.size, steps }];
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

  /** The test of a checksum that covers a field beside it; any other one waits. */
  #sum(field: IntField, derive: Derive, siblings: readonly Field[], slot: Slot, at: Place): ReadStep[] {
    if (derive.from === "extent") return [];
    const place = behind(at, field.offset);
    const what = derive.from === "crc32" ? `the CRC-32 of ${derive.of}` : `the ${derive.sum.name} checksum`;
    const otherwise = refusal("crc", slot.of, field, what, place);
    const sibling =
      derive.from === "crc32" ? siblings.find(({ kind, name }) => kind === "bytes" && name === derive.of) : undefined;
    if (sibling === undefined) {
      this.pending.push({ field, derive, slot, place, otherwise });
      return [];
    }
    const from = behind(at, sibling.offset);
    return [
      { step: "sum", slot, sum: { name: "crc32" }, at: from, to: behind(from, sibling.size), field: place, otherwise },
    ];
  }
}

/** @param where the spec says it */
export function refusal(
  code: Refusal["code"],
  path: string,
  where: { readonly file: string; readonly line: number },
  expected: string,
  at: Place,
  secret = false,
): Refusal {
  return { code, path, file: where.file, line: where.line, expected, secret, at };
}

/** So many bytes behind a place. */
export function behind({ from, plus }: Place, bytes: number): Place {
  return { from, plus: plus + bytes };
}

/** A field's path as the spec names it: `coins[*].serial`. */
export function join(prefix: string, name: string): string {
  if (name === "") return prefix;
  return prefix === "" ? name : `${prefix}.${name}`;
}
