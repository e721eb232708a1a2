/** Draws specs of general types, each with bytes that are a value of it. */
import { toHex } from "../../../src/bytes/index.js";
import type { Random } from "../../../src/testing/random.js";
import type { Sample } from "./judge.js";

/** An attribute, and how bytes for it are drawn. @param name of it */
interface Part {
  readonly line: (name: string) => string;
  /** A computed instance over it. */
  readonly instance?: (name: string) => string;
  readonly bytes: (random: Random) => readonly number[];
  /** Bits that are left in its last byte, for what follows; only bits go on there. */
  readonly type?: string;
}

const some = (random: Random, least: number, most: number, byte: (random: Random) => number): number[] =>
  Array.from({ length: random.between(least, most) }, () => byte(random));
const letter = (random: Random): number => random.between(0x61, 0x7a);
const any = (random: Random): number => random.below(256);

const PARTS: readonly Part[] = [
  {
    line: (name) => `{id: ${name}, type: strz}`,
    instance: (name) => `${name}.length + ${name}.reverse.length`,
    bytes: (random) => [...some(random, 0, 4, letter), 0],
  },
  {
    line: (name) => `{id: ${name}, type: str, size: 6, pad-right: 0x20}`,
    instance: (name) => `${name} + "!"`,
    bytes: (random) => [...some(random, 0, 6, letter), 32, 32, 32, 32, 32, 32].slice(0, 6),
  },
  {
    line: (name) => `{id: ${name}, size: 5, terminator: 0x40, pad-right: 0x2b}`,
    instance: (name) => `${name}.length * 3`,
    bytes: (random) => [...some(random, 0, 4, letter), 0x40, 43, 43, 43, 43, 43].slice(0, 5),
  },
  {
    line: (name) => `{id: ${name}, type: u2le, valid: {expr: _ != 7}}`,
    instance: (name) => `(${name} & 0x0f) << 2 | ${name} >> 3`,
    bytes: (random) => [any(random) | 8, any(random)],
  },
  {
    line: (name) => `{id: ${name}, type: s2be}`,
    instance: (name) => `${name} / 3 * 10 + ${name} % 3`,
    bytes: (random) => [any(random), any(random)],
  },
  {
    line: (name) => `{id: ${name}, type: f4be}`,
    instance: (name) => `${name} > 0.5 ? ${name} * 2 : -1.5`,
    bytes: (random) => [0x40, any(random), any(random), 0],
  },
  {
    line: (name) => `{id: ${name}, size: 3, process: xor(0x5a)}`,
    instance: (name) => `${name}[1] + ${name}.last`,
    bytes: (random) => some(random, 3, 3, any),
  },
  {
    line: (name) => `{id: ${name}, size: 2, process: rol(3), type: pair}`,
    instance: (name) => `${name}.x + ${name}.sum`,
    bytes: (random) => some(random, 2, 2, any),
  },
  {
    line: (name) => `{id: ${name}, type: list}`,
    instance: (name) => `${name}.items.size > 1 ? ${name}.items.first.x : 9`,
    bytes: (random) => {
      const n = random.below(4);
      return [n, ...some(random, 2 * n, 2 * n, any)];
    },
  },
  {
    line: (name) => `{id: ${name}, type: str, size: 4, encoding: UTF-16LE}`,
    instance: (name) => `${name}.substring(0, 1)`,
    bytes: (random) => [letter(random), 0, letter(random), 4],
  },
  {
    line: (name) => `{id: ${name}, type: u1, repeat: until, repeat-until: _ == 0}`,
    instance: (name) => `${name}.max - ${name}.min + ${name}[0]`,
    bytes: (random) => [...some(random, 0, 3, letter), 0],
  },
  {
    line: (name) => `{id: ${name}, type: sized}`,
    instance: (name) => `${name}.v * 2 - 1`,
    bytes: (random) =>
      random.pick([
        [1, any(random)],
        [2, any(random), any(random)],
        [8, any(random), any(random), 0, 0, 0, 0, 0, 0],
      ]),
  },
  {
    line: (name) =>
      `{id: ${name}, type: 'link(_index == 0 ? 0 : ${name}[_index - 1].sum)', repeat: expr, repeat-expr: 3}`,
    instance: (name) => `${name}.last.sum * ${name}.first.v`,
    bytes: (random) => some(random, 3, 3, any),
  },
  {
    line: (name) => `{id: ${name}, contents: [7, 8], repeat: expr, repeat-expr: 2}`,
    instance: (name) => `${name}.size + ${name}[1][0]`,
    bytes: () => [7, 8, 7, 8],
  },
  {
    line: (name) => `{id: ${name}, type: choice}`,
    instance: (name) => `${name}.tag == 1`,
    bytes: (random) =>
      random.pick([
        [1, 5, 6],
        [2, 0x62, 0],
        [3, 9, 9, 9],
      ]),
  },
];

const TYPES = `
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}], instances: {sum: {value: x + y}}}
  list: {seq: [{id: n, type: u1}, {id: items, type: pair, repeat: expr, repeat-expr: n}]}
  choice:
    seq:
      - {id: tag, type: u1}
      - {id: body, type: {switch-on: tag, cases: {1: pair, 2: strz, _: rest}}}
  sized: {seq: [{id: tag, type: u1}, {id: v, type: {switch-on: tag, cases: {1: u1, 2: u2le, _: u8le}}}]}
  link: {params: [{id: before, type: u4}], seq: [{id: v, type: u1}], instances: {sum: {value: before + v}}}
  rest: {seq: [{id: a, size: _parent.tag}]}
`;

/** Bits that fill whole bytes or do not, of one order. */
function bitsOf(random: Random, at: number, lines: string[], bytes: number[]): void {
  const order = random.pick(["be", "le"]);
  const widths = Array.from({ length: random.between(1, 4) }, () => random.between(1, 20));
  const total = widths.reduce((sum, width) => sum + width, 0);
  widths.forEach((width, i) => lines.push(`  - {id: bits_${at}_${i}, type: b${width}${order}}`));
  const whole = some(random, Math.ceil(total / 8), Math.ceil(total / 8), any);
  const left = 8 * whole.length - total;
  // What no value has is zero.
  const last = whole.length - 1;
  whole[last] = order === "be" ? (whole[last]! >> left) << left : whole[last]! & (0xff >> left);
  bytes.push(...whole);
}

/** A spec of some parts, with two values of it. */
export function drawGeneral(random: Random): Sample {
  const parts = Array.from({ length: random.between(1, 6) }, () => random.pick(PARTS));
  const bits = random.below(3) === 0 ? random.below(parts.length) : -1;
  const isOptional = random.chance(0.3);
  const lines: string[] = ["  - {id: first, type: strz}"];
  const instances: string[] = ["  whole: {value: first.length + _io.pos}"];
  const values: number[][] = [[0x61, 0], [0]];
  parts.forEach((part, at) => {
    const name = `p${at}`;
    const isAbsent = isOptional && at === 0;
    const line = part.line(name);
    lines.push(`  - ${isAbsent ? line.replace(/\}$/, ', if: first == "a"}') : line}`);
    if (part.instance !== undefined && !isAbsent) instances.push(`  i${at}: {value: '${part.instance(name)}'}`);
    values.forEach((bytes, i) => {
      if (!isAbsent || i === 0) bytes.push(...part.bytes(random));
    });
    if (at !== bits) return;
    const drawn: number[] = [];
    bitsOf(random, at, lines, drawn);
    for (const bytes of values) bytes.push(...drawn);
  });
  const spec = `\nmeta: {encoding: ASCII}\nseq:\n${lines.join("\n")}\ninstances:\n${instances.slice(1).join("\n") || "  none: {value: 1}"}${TYPES}`;
  return { spec, bytes: values.map((bytes) => toHex(Uint8Array.from(bytes))), stricter: ["short", "constant"] };
}
