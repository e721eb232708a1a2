/** The keys of the language: which are understood, which are not and why, and that none is passed over. */
import { SpecError, specError, type Source } from "./source.js";
import { refusal, type REFUSED } from "./refused.js";

/** A key that specwire adds to the language. */
export interface OwnKey {
  /** What it stands on. */
  readonly on: string;
  readonly says: string;
  readonly example: string;
}

/** The keys that specwire adds; other keys that begin with `-` belong to other tools. `spec/KEYS.md` has this table. */
export const OWN_KEYS: Readonly<Record<string, OwnKey>> = {
  "-derive": {
    on: "integer",
    says: "the value follows from other fields and is no part of the value: `sizeof(field)`, the bytes of a field or the items of a list, `sizeof(field) + n`, or a checksum",
    example: "-derive: crc32(challenge)",
  },
  "-default": {
    on: "integer, bits, text of a fixed size",
    says: "what a sender writes who has nothing to say",
    example: "-default: 0",
  },
  "-min": {
    on: "integer, bits; items, bytes and text of no fixed number",
    says: "the least value, or the least number of items or bytes",
    example: "-min: 1",
  },
  "-max": { on: "the same", says: "the greatest", example: "-max: 0x800000" },
  "-display": {
    on: "integer, bits; enumerated value",
    says: "how tables and pictures of bytes show its numbers, `hex` or `binary`; what people call the value",
    example: "-display: hex",
  },
  "-secret": {
    on: "integer, bytes, text of no fixed size",
    says: "no error, log or tool prints it",
    example: "-secret: true",
  },
  "-u64": {
    on: "integer of 8 bytes, `-varint`",
    says: "the form of `decodeT`: `number` refuses above 2^53−1 and has `decodeTBig` beside it; `bigint` has that form alone",
    example: "-u64: number",
  },
  "-varint": {
    on: "type",
    says: "its values are integers in groups of seven bits: `leb128`, `protobuf`, `mqtt` (four bytes at most) or `vlq` (the highest group first); the `seq` is for readers that do not know the key",
    example: "-varint: leb128",
  },
  "-columns": {
    on: "type of one size",
    says: "a batch codec is emitted: a typed array for each field",
    example: "-columns: true",
  },
  "-forms": {
    on: "type that has a codec of its own",
    says: "what is emitted beside decode and encode: `reader`, a class that decodes single fields where they lie; `view`, an encoder into a `DataView` that is held; `length`, the bytes of a value",
    example: "-forms: [reader, view]",
  },
  "-open": {
    on: "type; attribute with a size and a type",
    says: "bytes after the value are passed over, not refused",
    example: "-open: true",
  },
  "-kind": {
    on: "type that is a case of a choice",
    says: "the value of `kind` in the union; without it the name of the type",
    example: "-kind: legacy",
  },
  "-spec": {
    on: "spec, type, attribute, parameter, enumerated value",
    says: "where the facts come from",
    example: '-spec: "RFC 791, section 3.1"',
  },
  "-proto": { on: "bytes of no fixed size", says: "the protobuf message inside", example: "-proto: transport.RPC" },
};

const OURS = Object.keys(OWN_KEYS);

/** Keys of Kaitai Struct that are understood at some place. */
export const UNDERSTOOD = [
  "meta",
  "doc",
  "doc-ref",
  "params",
  "seq",
  "types",
  "enums",
  "values",
  "id",
  "title",
  "application",
  "file-extension",
  "xref",
  "tags",
  "license",
  "ks-version",
  "ks-debug",
  "endian",
  "bit-endian",
  "encoding",
  "imports",
  "type",
  "size",
  "size-eos",
  "contents",
  "repeat",
  "repeat-expr",
  "repeat-until",
  "if",
  "enum",
  "valid",
  "switch-on",
  "cases",
  "eq",
  "min",
  "max",
  "any-of",
  "in-enum",
  "expr",
  "terminator",
  "consume",
  "include",
  "eos-error",
  "pad-right",
  "process",
  "parent",
  "instances",
  "value",
  "pos",
  "io",
  "to-string",
  "ks-opaque-types",
] as const;

/** Keys of Kaitai Struct that are not supported, each with what is told of it. */
export const UNSUPPORTED: Readonly<Record<string, keyof typeof REFUSED>> = { "default-id": "defaultId" };

/**
 * The keys of one map, each to be taken by what understands it. What nobody has taken when the map is closed is a
 * mistake, so that nothing a spec says is passed over.
 */
export class Keys {
  readonly source: Source;
  readonly #entries: ReadonlyMap<string, Source>;
  readonly #taken = new Set<string>();

  constructor(source: Source, entries: readonly [string, Source][] = source.entries()) {
    this.source = source;
    this.#entries = new Map(entries);
  }

  /** Of what stands where a map could, but is none. */
  static none(source: Source): Keys {
    return new Keys(source, []);
  }

  get file(): string {
    return this.source.file;
  }

  get line(): number {
    return this.source.line;
  }

  /** Refuses the map. A key that is none anywhere may be the reason: it is told first. */
  fail(message: string): never {
    const unknown = [...this.#entries].flatMap(([key, value]) => {
      const near = key.startsWith("-") || isKnown(key) ? undefined : nearest(key, UNDERSTOOD);
      return near === undefined ? [] : [specError(value.place, `'${key}' is no key; '${near}' is`)];
    });
    if (unknown.length > 0) throw new SpecError(unknown);
    return this.source.fail(message);
  }

  /** Looks at a value in order to decide who takes it. */
  peek(key: string): Source | undefined {
    return this.#entries.get(key);
  }

  /** The value of a key that is understood here. */
  take(key: string): Source | undefined {
    this.#taken.add(key);
    return this.#entries.get(key);
  }

  /** Takes a value that must be there. */
  need(key: string): Source {
    return this.take(key) ?? this.fail(`'${key}' is missing`);
  }

  /** Takes keys that say nothing about the bytes. */
  pass(...keys: string[]): void {
    for (const key of keys) this.#taken.add(key);
  }

  /**
   * Refuses what is left over.
   * @param what the map is, as a sentence goes on: `a bit field`
   */
  close(what: string): void {
    const left = [...this.#entries].filter(([key]) => !this.#taken.has(key));
    const mistakes = left.flatMap(([key, value]) => {
      const message = complaint(key, what);
      return message === undefined ? [] : [specError(value.place, message)];
    });
    if (mistakes.length > 0) throw new SpecError(mistakes);
  }
}

/** What is wrong with a key that nobody has taken; undefined when it belongs to another tool. */
function complaint(key: string, what: string): string | undefined {
  if (key.startsWith("-")) {
    if (OURS.includes(key)) return `'${key}' has no meaning on ${what}`;
    const near = nearest(key, OURS);
    return near === undefined ? undefined : `'${key}' is no key; '${near}' is`;
  }
  if (Object.hasOwn(UNSUPPORTED, key)) return refusal(UNSUPPORTED[key]!, `'${key}'`);
  if (isKnown(key)) {
    const way = key === "valid" ? "; it is for integers, and 'contents' for constant bytes" : "";
    return `'${key}' is not supported on ${what}${way}`;
  }
  const near = nearest(key, UNDERSTOOD);
  return `'${key}' is not a key of ${what}${near === undefined ? "" : `; '${near}' is one elsewhere`}`;
}

function isKnown(key: string): boolean {
  return Object.hasOwn(UNSUPPORTED, key) || (UNDERSTOOD as readonly string[]).includes(key);
}

/** A known key that a typing mistake may have been meant for. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const plain = key.toLowerCase().replaceAll("_", "-");
  return known.find((each) => distance(plain, each) <= (each.length > 5 ? 2 : 1));
}

/** The insertions, deletions, replacements and swaps of neighbours that make one word of another. */
function distance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      if (i === 0) {
        rows[0]!.push(j);
        continue;
      }
      let least = Math.min(
        rows[i - 1]![j]! + 1,
        rows[i]![j - 1]! + 1,
        rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]!.push(least);
    }
  }
  return rows[a.length]![b.length]!;
}
