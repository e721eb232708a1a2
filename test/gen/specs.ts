/** Draws whole specs: all that the language allows today. A new feature of the language joins here. */
import * as fc from "fast-check";
import { camel } from "../../src/gen/names.js";

/** A spec as its text, with what a failure needs to be replayed. */
export interface DrawnSpec {
  readonly id: string;
  readonly text: string;
}

type Attribute = Record<string, unknown>;

/** A type of fixed size that others may hold. */
interface Part {
  readonly name: string;
  readonly size: number;
  /** Any bytes are a value, and nothing in it is repeated. */
  readonly unruled: boolean;
  /** What is repeated in it is unruled, so that it may be repeated itself. */
  readonly nestable: boolean;
}

/** Names that emitted code uses as well, that fold into others, or that are words of a language. */
const FIELDS =
  `a b c d e f x y z x_high x_low x_count a_b b_c value values bytes at end view count counts item items inner
  need buffer base data data_1 data1 p p1 q i k n bits bits0 fail refuse result sites length kind_code type_code word
  get set of name constructor_ start source rows column columns tag index big reader wrapped size offset total
  flags_alarm flags alarm level field_with_a_rather_long_name_of_many_words record promise date proto to_json then`
    .split(/\s+/)
    .filter((name) => !name.endsWith("_"));
const TYPES =
  `a b thing result sites bytes_column record map error ascii utf8 crc32 big reader columns empty point frame
  frame_2 frame_big frame_reader header header_min size range list symbol promise date read check fail uint8
  e of_x x_y request response`.split(/\s+/);
const ENUMS = "state mode codes level_of result record e frame kinds info".split(" ");
const WORDS = "off on none some first second third_one constructor to_string value_1 default class length".split(" ");

/** Any spec. @param at tells specs of one run apart */
export function specsOf(): fc.Arbitrary<(at: number) => DrawnSpec> {
  return fc.gen().map((g) => {
    const drawing = new Drawing(g);
    const body = drawing.draw();
    return (at: number) => ({ id: `spec_${at}`, text: body(`spec_${at}`) });
  });
}

class Drawing {
  readonly #g: fc.GeneratorValue;
  readonly #typeNames: string[];
  readonly #enums = new Map<string, number[]>();
  readonly #parts: Part[] = [];
  readonly #types = new Map<string, string[]>();
  #fieldNames: string[] = [];
  /** Few enough that types have names in common. */
  readonly #pool: readonly string[];
  #extra = 0;

  constructor(g: fc.GeneratorValue) {
    this.#g = g;
    this.#typeNames = g(fc.shuffledSubarray, TYPES, { minLength: 12, maxLength: 12 });
    this.#pool = this.#some(FIELDS, 12, 40);
  }

  draw(): (id: string) => string {
    const meta = {
      title: this.#pick(["A format", "", "*/ evil `${x}`"]),
      endian: this.#pick(["be", "le"]),
      "bit-endian": this.#pick(["be", "le"]),
      encoding: this.#pick(["ASCII", "UTF-8"]),
    };
    for (const name of this.#some(ENUMS, 0, 2)) this.#drawEnum(name);
    for (let n = this.#int(0, 3); n > 0; n--) this.#drawPart();
    const types = this.#int(1, 3);
    const plain = Array.from({ length: types }, () => this.#type((lines) => this.#drawPlain(lines)));
    if (this.#chance(0.4)) this.#type((lines) => this.#drawColumns(lines));
    if (this.#chance(0.5)) this.#drawChoice();
    const enums = this.#enumLines();
    // The sequence of the file itself is a type like others; nothing names it.
    const root = this.#chance(0.4) ? plain.find((name) => !this.#types.get(name)![0]!.startsWith("meta")) : undefined;
    const rootLines = root === undefined ? [] : this.#types.get(root)!;
    if (root !== undefined) this.#types.delete(root);
    return (id) =>
      [
        "meta:",
        `  id: ${id}`,
        ...Object.entries(meta).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
        ...(rootLines.at(-1) === "seq: []" ? [] : rootLines),
        ...(this.#types.size > 0 ? ["types:"] : []),
        ...[...this.#types].flatMap(([name, lines]) => [`  ${name}:`, ...lines.map((line) => `    ${line}`)]),
        ...enums,
        "",
      ].join("\n");
  }

  #int(min: number, max: number): number {
    return this.#g(fc.integer, { min, max });
  }

  #chance(of: number): boolean {
    return this.#int(0, 99) < 100 * of;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)]!;
  }

  #some<T>(from: readonly T[], minLength: number, maxLength: number): T[] {
    return this.#g(fc.shuffledSubarray<T>, [...from], { minLength, maxLength });
  }

  #drawEnum(name: string): void {
    const values = new Set<number>();
    for (let n = this.#int(1, 5); n > 0; n--) values.add(this.#pick([0, 1, 2, 3, 7, 127, 128, 255, -1, -128, 65_535]));
    this.#enums.set(name, [...values]);
  }

  #enumLines(): string[] {
    if (this.#enums.size === 0) return [];
    const lines = [...this.#enums].map(([name, values]) => {
      const words = this.#some(WORDS, values.length, values.length);
      return [
        `  ${name}:`,
        ...values.map((value, i) =>
          i % 2 === 0
            ? `    ${value}: ${words[i]}`
            : `    ${value}: ${JSON.stringify({ id: words[i], doc: "EMPTY */ ` ${" })}`,
        ),
      ];
    });
    return ["enums:", ...lines.flat()];
  }

  #type(fill: (lines: string[]) => void): string {
    const name = this.#typeNames.pop()!;
    this.#fieldNames = this.#some(this.#pool, this.#pool.length, this.#pool.length);
    const lines: string[] = [];
    const meta: Attribute = {};
    if (this.#chance(0.2)) meta["endian"] = this.#pick(["be", "le"]);
    if (this.#chance(0.2)) meta["bit-endian"] = this.#pick(["be", "le"]);
    if (Object.keys(meta).length > 0) lines.push(`meta: ${JSON.stringify(meta)}`);
    fill(lines);
    this.#types.set(name, lines);
    return name;
  }

  /** A name that no other field of the type has. */
  #name(): string {
    const name = this.#fieldNames.pop() ?? `extra_${this.#extra++}`;
    this.#fieldNames = this.#fieldNames.filter((other) => camel(other) !== camel(name));
    return name;
  }

  static #seq(lines: string[], attributes: readonly Attribute[]): void {
    if (attributes.length === 0) lines.push("seq: []");
    else lines.push("seq:", ...attributes.map((attribute) => `  - ${JSON.stringify(attribute)}`));
  }

  #drawPart(): void {
    let part: Omit<Part, "name"> = { size: 0, unruled: true, nestable: true };
    const name = this.#type((lines) => {
      const attributes: Attribute[] = [];
      for (let n = this.#int(1, 4); n > 0; n--) {
        const fixed = this.#fixed();
        attributes.push(...fixed.attributes);
        part = joined(part, fixed);
      }
      Drawing.#seq(lines, attributes);
    });
    this.#parts.push({ name, ...part });
  }

  /** One or a few attributes of fixed size. */
  #fixed(): Omit<Part, "name"> & { attributes: Attribute[] } {
    const id = this.#name();
    const how = this.#int(0, 12);
    if (how <= 4) return this.#integer(id);
    if (how === 5) return this.#bits(id);
    if (how === 12) {
      const type = this.#pick(["f4", "f8", "f4le", "f8be"]);
      const size = Number(type[1]);
      if (this.#chance(0.6)) return { attributes: [{ id, type }], size, unruled: true, nestable: true };
      const attribute = { id, type, repeat: "expr", "repeat-expr": 2 };
      return { attributes: [attribute], size: 2 * size, unruled: false, nestable: true };
    }
    const free = { unruled: true, nestable: true };
    const ruled = { unruled: false, nestable: true };
    if (how === 6) {
      const size = this.#pick([1, 2, 3, 4, 7, 16, 17]);
      return { attributes: [{ id, size, ...(this.#chance(0.3) ? { "-secret": true } : {}) }], size, ...free };
    }
    if (how === 7) {
      const size = this.#int(1, 6);
      const encoding = this.#pick([{}, { encoding: "ASCII" }, { encoding: "UTF-8" }]);
      const fallback = this.#chance(0.2) ? { "-default": "x".repeat(size) } : {};
      return { attributes: [{ id, type: "str", size, ...encoding, ...fallback }], size, ...ruled };
    }
    if (how === 8) {
      const contents = this.#pick([[0], [1, 2, 255], [0x3e, 0x3e], Array<number>(9).fill(0), "AB", ["A", 7]]);
      return { attributes: [{ id, contents }], size: [...contents].length, ...ruled };
    }
    const part = this.#parts.length > 0 ? this.#pick(this.#parts) : undefined;
    if (how <= 9 && part !== undefined) return { ...part, attributes: [{ id, type: part.name }] };
    const count = this.#int(1, 3);
    const repeat = { repeat: "expr", "repeat-expr": count };
    if (how === 10 && part?.nestable === true) {
      const { size, unruled } = part;
      return {
        attributes: [{ id, type: part.name, ...repeat }],
        size: count * size,
        unruled: false,
        nestable: unruled,
      };
    }
    if (this.#chance(0.3)) {
      const size = this.#int(1, 5);
      return { attributes: [{ id, size, ...repeat }], size: count * size, unruled: false, nestable: true };
    }
    const { attributes, size, unruled } = this.#integer(id, true);
    return { attributes: [{ ...attributes[0], ...repeat }], size: count * size, unruled: false, nestable: unruled };
  }

  /** @param isItem it is repeated, so that it has no default */
  #integer(id: string, isItem = false): Omit<Part, "name"> & { attributes: Attribute[] } {
    const type = this.#pick(["u1", "u1", "s1", "u2", "s2", "u4", "s4", "u8", "s8", "b8", "b16", "b24", "b32"]);
    const isBits = type.startsWith("b");
    const size = isBits ? Number(type.slice(1)) / 8 : Number(type.slice(1));
    const suffix = size > 1 && this.#chance(0.3) ? this.#pick(["be", "le"]) : "";
    const attribute: Attribute = { id, type: type + suffix };
    // The official reader misreads negative integers of 8 bytes, so that it cannot judge rules on them.
    const low = type.startsWith("s") && size < 8 ? -(2 ** (8 * size - 1)) : 0;
    const high = 2 ** Math.min(8 * size - (type.startsWith("s") ? 1 : 0), 40) - 1;
    const form = size === 8 ? this.#pick([undefined, "number", "bigint"]) : undefined;
    if (form !== undefined) attribute["-u64"] = form;
    let allowed: number[] = [this.#int(low, Math.min(high, 0x7fff_ffff)), low, high];
    let unruled = form === "bigint" || size !== 8;
    const named = [...this.#enums.keys()];
    const how = this.#int(0, 11);
    if (how === 0) attribute["valid"] = this.#pick([allowed[0], { eq: allowed[0] }]);
    const between = { min: low + 1, max: Math.max(low + 1, Math.min(allowed[0]!, high - 1)) };
    if (how === 1) attribute["valid"] = between;
    if (how === 2) attribute["valid"] = this.#pick([{ min: allowed[0] }, { max: allowed[0] }]);
    if (how === 3) attribute["valid"] = { "any-of": [...new Set(allowed)] };
    if (how === 4 && !isItem) attribute["-max"] = (allowed = [allowed[0]!, low])[0];
    if (how === 5 && !isItem) Object.assign(attribute, { "-min": allowed[0], valid: { max: high } });
    if (how <= 5) unruled = unruled && (how === 4 || how === 5) && isItem;
    if (how === 0 || how === 2 || how === 5) allowed = [allowed[0]!];
    if (how === 1) allowed = [between.min, between.max];
    if ((how === 6 || how === 7) && named.length > 0 && size <= 4 && !isBits) {
      const name = this.#pick(named);
      const values = this.#enums.get(name)!.filter((value) => value >= low && value <= high);
      attribute["enum"] = name;
      if (how === 7 && values.length > 0) {
        attribute["valid"] = { "in-enum": true };
        allowed = values;
        unruled = false;
      }
    }
    if (!isItem && this.#chance(0.2)) attribute["-default"] = this.#pick(allowed);
    if (this.#chance(0.1)) attribute["-secret"] = true;
    return { attributes: [attribute], size, unruled, nestable: true };
  }

  /** A run of bit fields that fills whole bytes. */
  #bits(first: string): Omit<Part, "name"> & { attributes: Attribute[] } {
    const size = this.#int(1, 4);
    const suffix = this.#chance(0.4) ? this.#pick(["be", "le"]) : "";
    const attributes: Attribute[] = [];
    let unruled = true;
    for (let left = 8 * size; left > 0;) {
      const width = Math.min(left, this.#int(1, 13));
      left -= width;
      const attribute: Attribute = { id: attributes.length === 0 ? first : this.#name(), type: `b${width}${suffix}` };
      const max = 2 ** width - 1;
      const name = [...this.#enums.keys()].find((one) => this.#enums.get(one)!.some((v) => v >= 0 && v <= max));
      if (width > 1 && name !== undefined && this.#chance(0.2)) {
        attribute["enum"] = name;
        if (this.#chance(0.6)) {
          attribute["valid"] = { "in-enum": true };
          unruled = false;
        }
      } else if (width > 1 && this.#chance(0.2)) {
        attribute["valid"] = this.#pick<unknown>([{ max: max - 1 }, { min: 1 }, { "any-of": [0, max] }, 1]);
        unruled = false;
      } else if (this.#chance(0.1)) {
        attribute["-default"] = this.#int(0, max);
      }
      attributes.push(attribute);
    }
    return { attributes, size, unruled, nestable: true };
  }

  /** Fixed fields, things of a length that a field gives, a checksum, and what reaches to the end. */
  #drawPlain(lines: string[]): void {
    const attributes: Attribute[] = [];
    const params: Attribute[] = [];
    let [size, isFixed, wasBitmap] = [0, true, false];
    let covered: string | undefined;
    const some = (least: number): void => {
      for (let n = this.#int(least, 3); n > 0; n--) {
        let fixed = this.#fixed();
        // Other readers go on in the last byte of a bitmap.
        if (wasBitmap) for (; String(fixed.attributes[0]!["type"]).startsWith("b");) fixed = this.#fixed();
        wasBitmap = false;
        attributes.push(...fixed.attributes);
        size += fixed.size;
        const bytes = fixed.attributes[0]!;
        if (!("type" in bytes || "contents" in bytes || "repeat" in bytes)) covered = bytes["id"] as string;
      }
    };
    some(0);
    for (let n = this.#int(0, 2); n > 0; n--) {
      const length = this.#name();
      const id = this.#name();
      const how = this.#int(0, 3);
      const plus = how === 3 ? 0 : this.#pick([0, 0, 1, -1, 3, -3]);
      const extent = `${length}${plus === 0 ? "" : plus > 0 ? ` + ${plus}` : ` - ${-plus}`}`;
      if (how === 3 && this.#chance(0.5)) params.push({ id: length, type: "u4" });
      else {
        const derive =
          this.#chance(0.3) && how < 3
            ? { "-derive": `sizeof(${id})${plus === 0 ? "" : plus > 0 ? ` - ${plus}` : ` + ${-plus}`}` }
            : {};
        const valid = this.#chance(0.2) ? { valid: { max: 20 } } : {};
        attributes.push({ id: length, type: this.#pick(["u1", "u2", "u4", "u2le", "b8", "b24"]), ...derive, ...valid });
        if (wasBitmap) attributes.at(-1)!["type"] = "u1";
        size += 4;
      }
      if (this.#chance(0.3)) some(1);
      if (wasBitmap && (how === 3 || attributes.at(-1)!["repeat"] !== undefined))
        attributes.push({ id: this.#name(), type: "u1" });
      attributes.push(
        how === 3 ? { id, type: "b1", repeat: "expr", "repeat-expr": extent } : this.#variable(id, how, extent),
      );
      wasBitmap = how === 3;
      if (how === 0) covered = id;
      isFixed = false;
      if (this.#chance(0.4)) some(1);
    }
    if (covered !== undefined && this.#chance(0.4)) {
      attributes.push({ id: this.#name(), type: this.#pick(["u4", "u4le", "u4be"]), "-derive": `crc32(${covered})` });
      size += 4;
      wasBitmap = false;
    }
    if (this.#chance(0.4)) this.#rest(attributes, isFixed ? size : null, wasBitmap);
    if (params.length > 0) lines.push(`params: ${JSON.stringify(params)}`);
    if (this.#chance(0.15)) lines.push("-open: true");
    Drawing.#seq(lines, attributes);
  }

  #limits(): Attribute {
    return this.#pick<Attribute>([{}, {}, { "-min": 1 }, { "-max": 30 }, { "-min": 2, "-max": 9 }]);
  }

  #variable(id: string, how: number, extent: string): Attribute {
    if (how === 0) return { id, size: extent, ...this.#limits() };
    if (how === 1) return { id, type: "str", size: extent, ...this.#limits() };
    return { ...this.#item(id).attribute, repeat: "expr", "repeat-expr": extent, ...this.#limits() };
  }

  #item(id: string): { attribute: Attribute; size: number } {
    const part = this.#parts.find(({ nestable }) => nestable);
    if (part !== undefined && this.#chance(0.6)) return { attribute: { id, type: part.name }, size: part.size };
    if (this.#chance(0.2)) return { attribute: { id, size: 3 }, size: 3 };
    const { attributes, size } = this.#integer(id, true);
    return { attribute: attributes[0]!, size };
  }

  /** What takes all that is left. @param before bytes before it, where those are fixed */
  #rest(attributes: Attribute[], before: number | null, wasBitmap: boolean): void {
    const id = this.#name();
    const isItems = this.#chance(0.5);
    const { attribute, size } = this.#item(id);
    const isBits = String(attribute["type"]).startsWith("b");
    if (before === null || this.#chance(0.5)) {
      if (!isItems || (wasBitmap && isBits)) attributes.push({ id, "size-eos": true, ...this.#limits() });
      else attributes.push({ ...attribute, repeat: "eos", ...this.#limits() });
      return;
    }
    const tail = this.#chance(0.5) ? this.#fixed() : { attributes: [], size: 0 };
    const around = before + tail.size;
    if (isItems && size > 1) {
      const expr = `(_io.size - ${around}) % ${size} == 0`;
      attributes.unshift({ id: this.#name(), size: 0, valid: { expr } });
    }
    const extent = `_io.size - ${around}`;
    if (isItems) {
      const count = size === 1 ? extent : `(${extent}) / ${size}`;
      attributes.push({ ...attribute, repeat: "expr", "repeat-expr": count, ...this.#limits() });
    } else attributes.push({ id, size: extent, ...this.#limits() });
    attributes.push(...tail.attributes);
  }

  #drawColumns(lines: string[]): void {
    const attributes: Attribute[] = [];
    for (let n = this.#int(1, 5); n > 0; n--) {
      const how = this.#int(0, 5);
      if (how === 0) attributes.push({ id: this.#name(), contents: [1, 2] });
      else if (how === 1) attributes.push({ id: this.#name(), size: this.#int(1, 9) });
      else attributes.push(...this.#integer(this.#name()).attributes);
    }
    attributes.push({ id: this.#name(), size: 2 });
    lines.push("-columns: true");
    Drawing.#seq(lines, attributes);
  }

  #drawChoice(): void {
    const kinds = this.#int(1, 3);
    const tails: string[] = [];
    for (let n = 0; n < kinds; n++) {
      tails.push(
        this.#type((lines) => {
          // Its fields stand beside those that all share, so that their names are others.
          this.#fieldNames = this.#fieldNames.filter((name) => name !== "tail");
          if (this.#chance(0.3)) lines.push(`-kind: ${this.#pick(["one", "two", "three"])}_${n}`);
          this.#drawTail(lines);
        }),
      );
    }
    this.#type((lines) => {
      const tag = this.#pick(["u1", "u2", "s1", "u4le", "b8"]);
      const values = this.#some([0, 1, 2, 3, 9, 100, 127], kinds + 1, kinds + 1);
      const cases = Object.fromEntries(values.map((value, i) => [String(value), tails[i % kinds]]));
      if (this.#chance(0.4)) cases["_"] = this.#pick(tails);
      Drawing.#seq(lines, [
        ...(this.#chance(0.5) ? [{ id: "shared_1", type: "u2" }] : []),
        { id: "tag_code", type: tag },
        ...(this.#chance(0.5) ? [{ id: "shared_2", size: 2 }] : []),
        ...(this.#chance(0.3) ? [{ id: "shared_3", type: this.#pick(["u4le", "s2", "f4", "f8le", "b8"]) }] : []),
        ...(this.#chance(0.3) ? [{ id: "shared_4", type: "str", size: 2, encoding: "ASCII" }] : []),
        ...(this.#chance(0.3)
          ? [
              { id: "shared_5", type: "b3" },
              { id: "shared_6", type: "b5" },
            ]
          : []),
        ...(this.#chance(0.3) ? [{ id: "shared_7", type: "u2", repeat: "expr", "repeat-expr": 2 }] : []),
        { id: "tail", type: { "switch-on": "tag_code", cases } },
      ]);
    });
  }

  #drawTail(lines: string[]): void {
    const attributes: Attribute[] = [];
    for (let n = this.#int(0, 3); n > 0; n--) {
      const { attributes: some } = this.#integer(this.#name());
      // All cases of a choice have one form.
      if (/[us]8/.test(String(some[0]!["type"]))) some[0]!["-u64"] = "bigint";
      attributes.push(...some);
    }
    const end = this.#int(0, 2);
    if (end === 0) {
      const length = this.#name();
      attributes.push({ id: length, type: "u1" }, { id: this.#name(), size: length, ...this.#limits() });
    } else if (end === 1) attributes.push({ id: this.#name(), "size-eos": true });
    Drawing.#seq(lines, attributes);
  }
}

function joined(a: Omit<Part, "name">, b: Omit<Part, "name">): Omit<Part, "name"> {
  return { size: a.size + b.size, unruled: a.unruled && b.unruled, nestable: a.nestable && b.nestable };
}
