/** What drawn specs of pieces are made of: names, checksums, and the attributes of one type. */
import { camel } from "../../src/gen/names.js";

export type Attribute = Record<string, unknown>;

/** Something that expressions can name, as far as the drawing has to know it. */
export interface Operand {
  readonly text: string;
  readonly type: "int" | "bool" | "text" | "enum";
  readonly min: number;
  readonly max: number;
}

/** A type that others may hold. */
export interface Part {
  /** As a type beside it, or inside the same, calls it. */
  readonly name: string;
  readonly params: readonly ("int" | "bool")[];
  /** Bytes of the shortest value. */
  readonly least: number;
  /** It takes all bytes that are left. */
  readonly isGreedy: boolean;
  /** A member that every value has. */
  readonly member: Operand | undefined;
}

/** Names that emitted code uses as well, in its runtime or for variables of its own. */
export const FIELDS =
  `a b c d e f n x y z next within inside size value values item items list each listed at end p q v i k t tag
  bytes bytes_length need start data body body_1 body_count length_of list_of read_varint refuse fail count sites
  flags kind_code then to_json record of rest tail head inner limit depth hdr type_code opt a_b b_c x_y
  chunk payload`.split(/\s+/);
export const TYPES =
  `a b thing item list node record chunk map error leaf point frame header varint1 size range next value sites
  within each e of_x result`.split(/\s+/);
export const WORDS = ["off", "on_a", "some_b", "third"];
export const PARAMS = ["p_n", "p_m", "p_flag", "wide", "how_many"];
export const SUMS: readonly (readonly [name: string, type: string])[] = [
  ["crc32", "u4"],
  ["adler32", "u4be"],
  ["sum8", "u1"],
  ["xor8", "u1"],
  ["internet", "u2be"],
];
export const CRC16 = [
  "{crc16: 0x1021}",
  "{crc16: 0x8005, init: 0xffff, reflect: true}",
  "{crc16: 0x1021, init: 0xffff, xor: 3}",
];

/** A CRC of 16 bits as `-derive` has it. @param over `[a, b]` */
export function crcOf(text: string, over: string): unknown {
  const [crc16, init, reflect, xor] = ["crc16", "init", "reflect", "xor"].map(
    (key) => new RegExp(`${key}: (\\w+)`).exec(text)?.[1],
  );
  const ids = over
    .slice(1, -1)
    .split(", ")
    .filter((id) => id !== "");
  return {
    crc16: Number(crc16),
    ...(init === undefined ? {} : { init: Number(init) }),
    ...(reflect === undefined ? {} : { reflect: true }),
    ...(xor === undefined ? {} : { xor: Number(xor) }),
    over: ids,
  };
}

/** The attributes of one type, and what its expressions can name. */
export class Sequence {
  readonly attributes: Attribute[] = [];
  readonly operands: Operand[] = [];
  /** Operands that a value shows, for the types around. */
  readonly members = new Set<string>();
  least = 0;
  isGreedy = false;
  #names: string[];
  #extra = 0;

  constructor(names: readonly string[]) {
    this.#names = [...names];
  }

  /** A name that no other field of the type has. */
  name(): string {
    const name = this.#names.pop() ?? `extra_${this.#extra++}`;
    this.#names = this.#names.filter((other) => camel(other) !== camel(name));
    return name;
  }

  add(attribute: Attribute, least: number): void {
    this.attributes.push(attribute);
    this.least += least;
  }

  /** What may not be there, or is of a type of its own. */
  guess(text: string, { type, min, max }: Omit<Operand, "text">): void {
    this.operands.push({ text, type, min, max });
  }

  know(text: string, operand: Omit<Operand, "text">): void {
    this.operands.push({ text, ...operand });
    this.members.add(text);
  }
}
