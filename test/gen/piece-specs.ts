/** Draws whole specs of attributes that depend on what stands before them. A new kind of piece joins here. */
import * as fc from "fast-check";
import {
  crcOf,
  CRC16,
  FIELDS,
  PARAMS,
  Sequence,
  SUMS,
  TYPES,
  WORDS,
  type Attribute,
  type Operand,
  type Part,
} from "./piece-parts.js";
import type { DrawnSpec } from "./specs.js";

/** Any spec of pieces. @param at tells specs of one run apart */
export function pieceSpecsOf(): fc.Arbitrary<(at: number) => DrawnSpec> {
  return fc.gen().map((g) => {
    const body = new Drawing(g).draw();
    return (at: number) => ({ id: `pieces_${at}`, text: body(`pieces_${at}`) });
  });
}

class Drawing {
  readonly #g: fc.GeneratorValue;
  readonly #names: string[];
  readonly #parts: Part[] = [];
  readonly #varints: { name: string; isBig: boolean }[] = [];
  readonly #lines: string[] = [];
  #enum: readonly number[] | undefined;

  constructor(g: fc.GeneratorValue) {
    this.#g = g;
    this.#names = this.#some(TYPES, 12, 12);
  }

  draw(): (id: string) => string {
    const meta = {
      endian: this.#pick(["be", "le"]),
      "bit-endian": this.#pick(["be", "le"]),
      encoding: this.#pick(["ASCII", "UTF-8"]),
    };
    if (this.#chance(0.6)) this.#enum = this.#some([0, 1, 2, 3, 5, 7], 2, 4);
    for (let n = this.#int(0, 2); n > 0; n--) this.#varint();
    for (let n = this.#int(1, 4); n > 0; n--) {
      const part = this.#type(this.#lines, "  ", this.#names.pop()!, this.#chance(0.4), this.#parts);
      this.#parts.push(part);
    }
    this.#type(this.#lines, "  ", "whole", false, this.#parts);
    const enums = (this.#enum ?? []).map((value, i) => `    ${value}: ${WORDS[i]}`);
    return (id) =>
      [
        `meta: {id: ${id}}`.replace("}", `, ${JSON.stringify(meta).slice(1)}`),
        "types:",
        ...this.#lines,
        ...(enums.length > 0 ? ["enums:", "  mode:", ...enums] : []),
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

  #varint(): void {
    const name = `vi_${this.#varints.length}`;
    const form = this.#pick(["leb128", "protobuf", "mqtt", "vlq"]);
    const isBig = this.#chance(0.3);
    this.#varints.push({ name, isBig: isBig });
    const group = (i: number): string => `(groups[${i}] & 127)`;
    const lengths = Array.from({ length: 9 }, (_, i) => i);
    const low = lengths
      .map((i) => (i === 0 ? group(0) : `(groups.size > ${i} ? ${group(i)} * ${128 ** i} : 0)`))
      .join(" + ");
    // The factor of each group follows from how many there are behind it.
    const of = (size: number): string =>
      lengths
        .slice(0, size)
        .map((i) => `${group(i)} * ${128 ** (size - 1 - i)}`)
        .join(" + ");
    const high = `${lengths
      .slice(1)
      .map((size) => `groups.size == ${size} ? ${of(size)} : `)
      .join("")}${of(9)}`;
    this.#lines.push(
      `  ${name}:`,
      `    -varint: ${form}`,
      ...(isBig ? ["    -u64: bigint"] : []),
      "    seq:",
      "    - {id: groups, type: u1, repeat: until, repeat-until: (_ & 128) == 0}",
      "    instances:",
      `      value: {value: '${form === "vlq" ? high : low}'}`,
    );
  }

  /** Draws a type under a name. @param beside parts that it may hold */
  #type(lines: string[], indent: string, name: string, hasParams: boolean, beside: readonly Part[]): Part {
    const seq = new Sequence(this.#some(FIELDS, FIELDS.length, FIELDS.length));
    const params: ("int" | "bool")[] = [];
    const paramLines: string[] = [];
    if (hasParams)
      for (const id of this.#some(PARAMS, 1, 2)) {
        const type = this.#pick(["int", "int", "bool"] as const);
        params.push(type);
        seq.operands.push({ text: id, type, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 });
        paramLines.push(`{id: ${id}, type: ${type === "bool" ? "bool" : this.#pick(["u1", "u2", "u4"])}}`);
      }
    const nested: string[] = [];
    let parts = beside;
    if (indent.length < 10 && this.#chance(0.25)) {
      const inner = this.#type(nested, `${indent}    `, `in_${indent.length}`, this.#chance(0.3), beside);
      parts = [...beside, inner];
    }
    for (let n = this.#int(1, 5); n > 0; n--) this.#attribute(seq, parts, name, params.length === 0);
    // Every parameter is used.
    const all = JSON.stringify(seq.attributes);
    for (const { text, type } of seq.operands.slice(0, params.length))
      if (!new RegExp(`\\b${text}\\b`).test(all))
        seq.attributes.push({ id: seq.name(), type: "u1", if: type === "bool" ? text : `${text} > 1` });
    if (this.#chance(0.2)) {
      this.#end(seq, parts);
      seq.isGreedy = seq.attributes.at(-1)!["if"] === undefined;
    } else if (this.#chance(0.3)) this.#sum(seq);
    lines.push(
      `${indent}${name}:`,
      ...(paramLines.length > 0 ? [`${indent}  params: [${paramLines.join(", ")}]`] : []),
      ...(this.#chance(0.1) ? [`${indent}  -open: true`] : []),
      `${indent}  seq:`,
      ...seq.attributes.map((attribute) => `${indent}  - ${JSON.stringify(attribute)}`),
      ...(nested.length > 0 ? [`${indent}  types:`, ...nested] : []),
    );
    const member = seq.operands.find(({ text }) => seq.members.has(text));
    return { name, params, least: seq.least, isGreedy: seq.isGreedy, member };
  }

  #attribute(seq: Sequence, parts: readonly Part[], self: string, canRecur: boolean): void {
    const how = this.#int(0, 15);
    if (how <= 3) return this.#plain(seq);
    if (how === 4) return this.#bits(seq);
    const id = seq.name();
    if (how === 5) return this.#lengthAndBytes(seq, id);
    if (how === 6 && this.#varints.length > 0) return this.#varintField(seq, id);
    if (how === 7) {
      const condition = this.#condition(seq);
      if (this.#chance(0.4)) {
        seq.attributes.push({ id, type: this.#pick(["u1", "s2", "u4"]), if: condition });
        return seq.guess(id, { type: "int", min: -(2 ** 31), max: 2 ** 32 });
      }
      const single = this.#single(seq, parts);
      seq.attributes.push({ id, ...single, if: condition });
      return this.#knowMember(seq, id, single, parts);
    }
    if (how <= 9) return this.#list(seq, id, parts);
    if (how <= 11) {
      const { on, cases } = this.#choice(seq, parts, false);
      const condition = this.#chance(0.15) ? { if: this.#condition(seq) } : {};
      return void seq.attributes.push({ id, type: { "switch-on": on, cases }, ...condition });
    }
    if (how <= 13) return this.#substream(seq, id, parts);
    if (how === 14 && canRecur) {
      const condition = this.#condition(seq, true);
      if (condition !== "true") return void seq.attributes.push({ id, type: self, if: condition });
    }
    const single = this.#single(seq, bounded(parts));
    seq.attributes.push({ id, ...single });
    this.#knowMember(seq, id, single, parts);
  }

  /** What stands in a type can be named from around it. */
  #knowMember(seq: Sequence, id: string, { type }: Attribute, parts: readonly Part[]): void {
    const member = parts.find(({ name }) => name === String(type).split("(")[0])?.member;
    if (member !== undefined && this.#chance(0.5)) seq.guess(`${id}.${member.text}`, member);
  }

  #plain(seq: Sequence): void {
    const id = seq.name();
    const how = this.#int(0, 9);
    if (how === 0) return void seq.add({ id, contents: [7, 1] }, 2);
    if (how === 1) return void seq.add({ id, type: this.#pick(["f4", "f8", "f4le", "f8be"]) }, 4);
    if (how === 2) return void seq.add({ id, type: this.#pick(["u8", "s8", "u8le"]) }, 8);
    if (how === 3) {
      seq.add({ id, type: "str", size: 2, encoding: "ASCII" }, 2);
      return void seq.know(id, { type: "text", min: 0, max: 0 });
    }
    const type = this.#pick(["u1", "u1", "u1", "s1", "u2", "u2le", "s2", "u4", "u4be", "s4le", "b8", "b16"]);
    const attribute: Attribute = { id, type };
    const bits = type.startsWith("b") ? Number(type.slice(1)) : 8 * Number(type[1]);
    const min = type.startsWith("s") ? -(2 ** (bits - 1)) : 0;
    let max = type.startsWith("s") ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    if (this.#chance(0.1)) attribute["-display"] = this.#pick(["hex", "binary"]);
    const rule = this.#int(0, 7);
    if (rule === 0) Object.assign(attribute, { valid: { max: (max = 40) } });
    if (rule === 1) attribute["valid"] = { "any-of": [0, 1, 2, 5] };
    if (rule === 2) attribute["-max"] = max = 9;
    if (rule === 3 && this.#enum !== undefined && !type.startsWith("b")) {
      attribute["enum"] = "mode";
      if (this.#chance(0.6)) attribute["valid"] = { "in-enum": true };
    }
    seq.add(attribute, bits / 8);
    seq.know(id, { type: attribute["enum"] === undefined ? "int" : "enum", min, max });
  }

  #bits(seq: Sequence): void {
    for (let left = 8; left > 0;) {
      const id = seq.name();
      const width = Math.min(left, this.#int(1, 5));
      left -= width;
      const attribute: Attribute = { id, type: `b${width}` };
      if (width > 2 && this.#enum !== undefined && this.#chance(0.4)) {
        attribute["enum"] = "mode";
        if (this.#chance(0.5)) attribute["valid"] = { "in-enum": true };
      }
      seq.attributes.push(attribute);
      const type = width === 1 ? "bool" : attribute["enum"] === undefined ? "int" : "enum";
      seq.know(id, { type, min: 0, max: 2 ** width - 1 });
    }
    seq.least++;
  }

  /** A number and what is as long as it says; now and then it says so of two. */
  #lengthAndBytes(seq: Sequence, id: string): void {
    const length = seq.name();
    const type = this.#pick(["u1", "u1", "u2", "u4le", "b8", "s1", "u8", "u8le"]);
    seq.add({ id: length, type }, 1);
    const by = this.#pick(["", "", " + 2", " - 1", " * 2", " * 3 + 1", " * 2 - 2"]);
    const size = `${length}${by}`;
    const as = this.#int(0, 3);
    const limits = this.#pick([{}, {}, { "-min": 1 }, { "-max": 20 }]);
    if (as === 0) seq.attributes.push({ id, size, ...limits });
    else if (as === 1) seq.attributes.push({ id, type: "str", size, ...limits });
    else if (as === 2)
      seq.attributes.push({ id, type: this.#pick(["u1", "u2", "f4"]), repeat: "expr", "repeat-expr": size });
    else seq.attributes.push({ id, size: 2, repeat: "expr", "repeat-expr": size, ...limits });
    if (as === 1) seq.know(id, { type: "text", min: 0, max: 0 });
    if (this.#chance(0.2)) seq.attributes.push({ id: seq.name(), size: length });
    if (this.#chance(0.15)) seq.attributes.push({ id: seq.name(), type: "u1", if: `${length} > 2` });
  }

  #varintField(seq: Sequence, id: string): void {
    const { name, isBig } = this.#pick(this.#varints);
    seq.add({ id, type: name }, 1);
    const value = `${id}.value`;
    if (this.#chance(0.5)) seq.attributes.push({ id: seq.name(), size: value, "-max": 300 });
    else if (!isBig || this.#chance(0.5)) seq.attributes.push({ id: seq.name(), type: "u1", if: `${value} > 100` });
  }

  /** What a piece, or an item of one, is: without size, condition or repetition. */
  #single(seq: Sequence, parts: readonly Part[]): Attribute {
    const how = this.#int(0, 6);
    if (how <= 2 && parts.length > 0) return { type: this.#call(this.#pick(parts), seq) };
    if (how === 3 && this.#varints.length > 0) return { type: this.#pick(this.#varints).name };
    if (how === 4) return { size: this.#pick<unknown>([1, 3, this.#small(seq)]) };
    if (how === 5) return { type: "str", size: this.#pick<unknown>([2, this.#small(seq)]), encoding: "ASCII" };
    return { type: this.#pick(["u1", "s1", "u2", "u4le", "u8", "f4", "f8", "b16"]) };
  }

  #call(part: Part, seq: Sequence): string {
    if (part.params.length === 0) return part.name;
    return `${part.name}(${part.params.map((type) => (type === "bool" ? this.#condition(seq) : this.#small(seq))).join(", ")})`;
  }

  #list(seq: Sequence, id: string, parts: readonly Part[]): void {
    const how = this.#int(0, 2);
    if (how === 0) {
      const item = this.#single(seq, bounded(parts));
      const count = this.#small(seq);
      return void seq.attributes.push({ id, ...item, ...this.#times(count, this.#pick([9, 60])) });
    }
    if (how === 1) {
      const part = bounded(parts).find(({ member }) => member !== undefined && this.#chance(0.6));
      const until =
        part === undefined ? "_ == 0 or _ > 200" : this.#about({ ...part.member!, text: `_.${part.member!.text}` });
      const type = part === undefined ? this.#pick(["u1", "u2"]) : this.#call(part, seq);
      const limits = this.#pick([{}, { "-max": 7 }, { "-min": 2 }]);
      return void seq.attributes.push({ id, type, repeat: "until", "repeat-until": until, ...limits });
    }
    const { on, cases } = this.#choice(seq, parts, false);
    const count = this.#small(seq);
    seq.attributes.push({ id, type: { "switch-on": on, cases }, ...this.#times(count, 60) });
  }

  /** A number of times; the greatest number is said where the count is none that the spec fixes. */
  #times(count: string, max: number): Attribute {
    if (/^\d+$/.test(count)) return { repeat: "expr", "repeat-expr": Number(count) };
    return { repeat: "expr", "repeat-expr": count, "-max": max };
  }

  #substream(seq: Sequence, id: string, parts: readonly Part[]): void {
    const size = this.#chance(0.3) ? this.#int(1, 6) : this.#length(seq);
    const how = this.#int(0, 4);
    const open = this.#chance(0.15) ? { "-open": true } : {};
    const part = parts.length > 0 ? this.#pick(parts) : undefined;
    if (how <= 1 && part !== undefined)
      return void seq.attributes.push({ id, type: this.#call(part, seq), size, ...open });
    if (how === 2) {
      const { on, cases } = this.#choice(seq, parts, true);
      return void seq.attributes.push({ id, type: { "switch-on": on, cases }, size });
    }
    if (how === 3 && part !== undefined) {
      const type = this.#call(part, seq);
      const condition = this.#chance(0.5) ? { if: this.#condition(seq) } : {};
      return void seq.attributes.push({ id, type, size, ...this.#times(this.#small(seq), 40), ...condition });
    }
    seq.attributes.push({ id, size, ...(this.#chance(0.4) ? { type: "str" } : {}) });
  }

  /** The size of what follows: a number of its own, as a sender writes it. */
  #length(seq: Sequence): string {
    if (this.#chance(0.3)) return this.#small(seq);
    const length = seq.name();
    seq.add({ id: length, type: this.#pick(["u1", "u1", "u2"]) }, 1);
    return length + this.#pick(["", "", "", " + 1", " * 2"]);
  }

  #choice(seq: Sequence, parts: readonly Part[], isSized: boolean): { on: string; cases: Record<string, string> } {
    const operand = seq.operands.length > 0 ? this.#pick(seq.operands) : undefined;
    let isBounded = isSized;
    const targets = (): string => {
      const part = parts.length > 0 && this.#chance(0.6) ? this.#pick(parts) : undefined;
      isBounded ||= part?.isGreedy !== true;
      if (part !== undefined) return this.#call(part, seq);
      if (isSized && this.#chance(0.4)) return "str";
      if (this.#varints.length > 0 && this.#chance(0.2)) return this.#varints[0]!.name;
      // What has a size of its own takes no other.
      return isSized ? "str" : this.#pick(["u1", "u2", "s4le", "f4", "u8", "u2be"]);
    };
    const cases: Record<string, string> = {};
    let on = "1";
    if (operand?.type === "bool") {
      on = operand.text;
      cases["true"] = targets();
      if (this.#chance(0.7)) cases["false"] = targets();
    } else if (operand?.type === "text") {
      on = operand.text;
      for (const word of ['"ab"', "'AB'", '"  "']) if (this.#chance(0.6)) cases[word] = targets();
    } else if (operand?.type === "enum") {
      on = operand.text;
      for (const word of WORDS.slice(0, this.#enum!.length)) if (this.#chance(0.6)) cases[`mode::${word}`] = targets();
    } else if (operand !== undefined) {
      const isSmall = operand.max < 2 ** 31 && operand.min >= 0;
      on = isSmall && this.#chance(0.3) ? `${operand.text} % 3` : operand.text;
      for (const value of [0, 1, 2, 3])
        if (value <= (on === operand.text ? operand.max : 2)) if (this.#chance(0.6)) cases[value] = targets();
    }
    if (Object.keys(cases).length === 0 || this.#chance(0.5)) cases["_"] = targets();
    // Where all cases take what is left, nothing can stand behind.
    if (!isBounded) cases["_"] = "u1";
    return { on, cases };
  }

  /** A number that is mostly small. */
  #small(seq: Sequence): string {
    const ints = seq.operands.filter(({ type }) => type === "int");
    if (ints.length === 0 || this.#chance(0.15)) return String(this.#int(1, 3));
    const { text, min, max } = this.#pick(ints);
    const fits = min >= 0 && max < 2 ** 31;
    return this.#pick([
      text,
      `${text} % 4`,
      // The official JavaScript compares before it masks, where nothing stands behind.
      fits ? `(${text} & 3) + 0` : `(${text} % 5) * 2`,
      fits ? `((${text} >> 2) & 1) + 0` : `${text} + 0`,
      `(${text} > 1 ? 2 : 1)`,
      `${text} / 2`,
      `${text} - 1`,
      `(${text} % 3) + ${this.#int(0, 2)}`,
    ]);
  }

  #condition(seq: Sequence, fields = false): string {
    const known = fields ? seq.operands.filter(({ text }) => !PARAMS.includes(text)) : seq.operands;
    if (known.length === 0) return "true";
    const one = this.#about(this.#pick(known));
    if (this.#chance(0.6)) return one;
    const other = this.#about(this.#pick(known));
    return this.#pick([
      `(${one}) and not (${other})`,
      `(${one}) or (${other})`,
      `not (${one})`,
      `(${one}) != (${other})`,
    ]);
  }

  #about({ text, type, min, max }: Operand): string {
    if (type === "bool") return this.#pick([text, `not ${text}`, `${text} == true`]);
    if (type === "text") return this.#pick([`${text} == "ab"`, `${text} != 'AB'`]);
    if (type === "enum") return `${text} ${this.#pick(["==", "!="])} mode::${this.#word()}`;
    const fits = min >= 0 && max < 2 ** 31;
    return this.#pick([
      `${text} > ${this.#int(0, 3)}`,
      `${text} < ${this.#int(1, 100)}`,
      `${text} == ${this.#int(0, 2)}`,
      fits ? `(${text} & 1) != 0` : `${text} % 2 == 1`,
      `-${text} * 3 + 7 >= ~${text}`,
      `(${text} % 3) ${this.#pick(["<=", "!="])} 1`,
    ]);
  }

  #word(): string {
    return WORDS[this.#int(0, this.#enum!.length - 1)]!;
  }

  /** What takes all that is left. */
  #end(seq: Sequence, parts: readonly Part[]): void {
    const id = seq.name();
    const how = this.#int(0, 4);
    const part = (how === 1 ? bounded(parts) : parts).find(({ least }) => least > 0);
    if (how === 0) return void seq.attributes.push({ id, "size-eos": true });
    if (how === 1 && part !== undefined)
      return void seq.attributes.push({ id, type: this.#call(part, seq), repeat: "eos" });
    if (how === 2 && part !== undefined)
      return void seq.attributes.push({ id, type: this.#call(part, seq), "size-eos": true });
    if (how === 3) return void seq.attributes.push({ id, type: "u2", repeat: "eos", if: this.#condition(seq) });
    seq.attributes.push({ id, type: this.#varints[0]?.name ?? "u1", repeat: "eos" });
  }

  /** A checksum over what stands before it. */
  #sum(seq: Sequence): void {
    const ids = seq.attributes.map(({ id }) => id as string);
    const first = this.#int(0, ids.length - 1);
    const span = this.#pick(["", ids[first]!, `${ids[first]!}, ${ids.at(-1)!}`]);
    if (this.#chance(0.3)) {
      const crc = this.#pick(CRC16);
      const over = span === "" ? "[]" : `[${span}]`;
      seq.attributes.push({ id: seq.name(), type: "u2", "-derive": crcOf(crc, over) });
    } else {
      // CRC-32 of one field is that of bytes.
      const [name, type] = this.#pick(/^\w+$/.test(span) ? SUMS.slice(1) : SUMS);
      seq.attributes.push({ id: seq.name(), type, "-derive": `${name}(${span})` });
    }
  }
}

/** What others may stand behind. */
function bounded(parts: readonly Part[]): readonly Part[] {
  return parts.filter(({ isGreedy }) => !isGreedy);
}
