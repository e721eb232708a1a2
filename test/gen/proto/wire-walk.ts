/** What bytes of a protobuf message are, by a walk of its own over the descriptor: well-formed, or not. */
import { ScalarType, type DescField, type DescMessage } from "@bufbuild/protobuf";

/** What a walk has found. */
export interface Walked {
  /** Whether each value ends within what holds it, and texts are UTF-8. */
  readonly isWellFormed: boolean;
  /**
   * Whether the judge reads something else: it does not test the wire types of fields that it knows, writes the tags of
   * unknown ones the short way, and drops unknown ones of `google.protobuf` wrappers.
   */
  readonly isMisread: boolean;
}

class Malformed extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const [VARINT, FIXED64, BYTES, OPEN, CLOSE, FIXED32] = [0, 1, 2, 3, 4, 5] as const;
const FIXED: Readonly<Partial<Record<ScalarType, number>>> = {
  [ScalarType.FIXED32]: FIXED32,
  [ScalarType.SFIXED32]: FIXED32,
  [ScalarType.FLOAT]: FIXED32,
  [ScalarType.FIXED64]: FIXED64,
  [ScalarType.SFIXED64]: FIXED64,
  [ScalarType.DOUBLE]: FIXED64,
  [ScalarType.STRING]: BYTES,
  [ScalarType.BYTES]: BYTES,
};

/** Walks over the bytes of a message. */
export function walk(desc: DescMessage, bytes: Uint8Array): Walked {
  let isMisread = false;

  /** The integer at a position, and where it ends. */
  function varint(at: number, end: number): { value: bigint; next: number } {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (at + i >= end) throw new Malformed();
      value |= BigInt(bytes[at + i]! & 127) << BigInt(7 * i);
      if (bytes[at + i]! < 128) {
        if (value >= 1n << 64n) throw new Malformed();
        return { value, next: at + i + 1 };
      }
    }
    throw new Malformed();
  }

  function skip(wire: number, at: number, end: number): number {
    let next = NaN;
    if (wire === VARINT) next = varint(at, end).next;
    if (wire === FIXED64) next = at + 8;
    if (wire === FIXED32) next = at + 4;
    if (wire === BYTES) {
      const size = varint(at, end);
      next = size.next + Number(size.value);
    }
    if (!(next <= end)) throw new Malformed();
    return next;
  }

  function group(number: bigint, at: number, end: number): number {
    for (;;) {
      const tag = varint(at, end);
      const [inner, wire] = [tag.value >> 3n, Number(tag.value & 7n)];
      if (inner === 0n || inner >= 1n << 29n) throw new Malformed();
      if (wire === CLOSE) {
        if (inner !== number) throw new Malformed();
        return tag.next;
      }
      at = wire === OPEN ? group(inner, tag.next, end) : skip(wire, tag.next, end);
    }
  }

  function message({ fieldOf, isWrapper }: Fields, at: number, end: number): void {
    while (at < end) {
      const tag = varint(at, end);
      const [number, wire] = [tag.value >> 3n, Number(tag.value & 7n)];
      if (number === 0n || number >= 1n << 29n) throw new Malformed();
      const field = fieldOf(Number(number));
      if (tag.next > at + 1 && bytes[tag.next - 1] === 0) isMisread = true;
      if (field === undefined && isWrapper) isMisread = true;
      if (wire === OPEN) {
        if (field !== undefined) isMisread = true;
        at = group(number, tag.next, end);
        continue;
      }
      const next = skip(wire, tag.next, end);
      if (field !== undefined) known(kindOf(field), wire, tag.next, next);
      at = next;
    }
  }

  function known(kind: Kind, wire: number, at: number, end: number): void {
    const own =
      kind.message !== undefined ? BYTES : kind.scalar === undefined ? VARINT : (FIXED[kind.scalar] ?? VARINT);
    if (wire === BYTES && own !== BYTES && kind.isList) {
      for (let i = varint(at, end).next; i < end;) i = skip(own, i, end);
      return;
    }
    if (wire !== own) {
      isMisread = true;
      return;
    }
    if (own !== BYTES) return;
    const from = varint(at, end).next;
    if (kind.message !== undefined) message(kind.message, from, end);
    if (kind.scalar !== ScalarType.STRING) return;
    try {
      utf8.decode(bytes.subarray(from, end));
    } catch {
      throw new Malformed();
    }
  }

  function fieldsOf(inner: DescMessage): Fields {
    const isWrapper = /^google\.protobuf\.\w+Value$/.test(inner.typeName);
    return { isWrapper, fieldOf: (number) => inner.fields.find((field) => field.number === number) };
  }

  function kindOf(field: DescField | Kind): Kind {
    if (!("fieldKind" in field)) return field;
    const isList = field.fieldKind === "list";
    if (field.fieldKind === "map") {
      const key: Kind = { isList: false, scalar: field.mapKey };
      const value: Kind = { isList: false, scalar: field.scalar, message: field.message && fieldsOf(field.message) };
      const fieldOf = (number: number): Kind | undefined => (number === 1 ? key : number === 2 ? value : undefined);
      return { isList: true, message: { isWrapper: false, fieldOf } };
    }
    return { isList, scalar: field.scalar, message: field.message && fieldsOf(field.message) };
  }

  try {
    message(fieldsOf(desc), 0, bytes.length);
    return { isWellFormed: true, isMisread };
  } catch (error) {
    if (error instanceof Malformed) return { isWellFormed: false, isMisread };
    throw error;
  }
}

/** The fields of a message by their numbers. */
interface Fields {
  readonly isWrapper: boolean;
  fieldOf(number: number): DescField | Kind | undefined;
}

/** What a field, or one of an entry of a map, is. An enumeration has neither scalar nor message. */
interface Kind {
  readonly isList: boolean;
  readonly scalar?: ScalarType | undefined;
  readonly message?: Fields | undefined;
}
