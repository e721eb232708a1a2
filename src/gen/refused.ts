/** What the language of specs has and specwire does not: why, and what to write instead. */

/** A feature that is refused. `spec/KEYS.md` has the table of all. */
export interface Refused {
  /** The feature, as a sentence begins; errors name the one that is meant in its place. */
  readonly what: string;
  readonly because: string;
  readonly instead: string;
}

/** Every feature that is refused, mistakes aside. */
export const REFUSED = {
  defaultId: {
    what: "`default-id`",
    because: "a field without an `id` has no name in a value",
    instead: "give every field an `id`",
  },
  bitEndianChoice: {
    what: "a bit order that a value decides",
    because: "the bits of a type are laid out before anything is read",
    instead: "make a type for each, and choose between them",
  },
  bitmapToEnd: {
    what: "a bitmap that reaches to the end",
    because: "a whole byte of it would be as good as any bits of it",
    instead: "give the number of its bits by `repeat-expr`",
  },
  behindBitmap: {
    what: "a bit field right behind a bitmap",
    because: "other readers go on in the last byte of the bitmap, which need not be full",
    instead: "let a field of whole bytes stand between them",
  },
  bitItems: {
    what: "a bit field as an item",
    because: "an item has whole bytes",
    instead: "put them into a type",
  },
  bitOrders: {
    what: "a byte of bits of both orders",
    because: "readers disagree on which of its bits are meant",
    instead: "fill the byte with bits of one order",
  },
  bitEnum: {
    what: "an enumeration of one bit in a run of bits",
    because: "one bit is true or false, which no enumeration names",
    instead: "leave `enum` away",
  },
  longBits: {
    what: "an integer of more than 64 bits",
    because: "no number of the language holds it",
    instead: "read bytes, or two fields",
  },
  around: {
    what: "`_parent` and `_root` in flat and streamed types",
    because: "such a type is read without the one around it",
    instead: "pass what is needed as a parameter",
  },
  stream: {
    what: "`_io` and `_index` in flat and streamed types",
    because: "where a value lies is no part of it",
    instead: "count or measure with a field",
  },
  divisor: {
    what: "division by what may be 0, in flat and streamed types",
    because: "it would have no result",
    instead: "divide by a number above 0, or make the quotient an instance",
  },
  shift: {
    what: "a shift by more than 31 bits, in flat and streamed types",
    because: "it leaves the integers of 32 bits that shifts are made of",
    instead: "multiply or divide by a power of two, or make the result an instance",
  },
  mergedWide: {
    what: "an integer of 8 bytes as a number, in a choice whose fields stand beside the common ones",
    because: "all cases of such a choice have one form",
    instead: "make it `-u64: bigint`",
  },
  derivedTag: {
    what: "a choice on a field that follows from another",
    because: "such a field is no part of the value, so that a writer could not choose by it",
    instead: "choose on a field of its own",
  },
  behindEnd: {
    what: "an attribute behind one that takes all bytes that are left, or a second one of these",
    because: "it could be written and never be read",
    instead: "bound the first by a `size`",
  },
  emptyItems: {
    what: "items that can be without bytes, as many as there are",
    because: "nothing limits their number",
    instead: "limit it by `-max`",
  },
  columns: {
    what: "`-columns` of a type of no one size, or of fields other than integers and bytes",
    because: "a column is a typed array with one value of one size for each item",
    instead: "decode the items one by one",
  },
  whereStreamIs: {
    what: "an instance without `value`, `pos` and `io` that reads bytes",
    because: "it would lie where the stream happens to be when it is asked for",
    instead: "give it a `pos`, or put it into `seq`",
  },
  textProcess: {
    what: "a process of a text",
    because: "other readers process bytes and types only",
    instead: "put the text into a type",
  },
  twoRules: {
    what: "`valid` with two rules",
    because: "an error names the one rule that a value breaks",
    instead: "join them in `valid: {expr: …}`",
  },
  size: {
    what: "the size of what has no one size",
    because: "it depends on the bytes",
    instead: "measure by `_io.pos` before and behind it",
  },
  textOf: {
    what: 'a float, a truth value or a structure in `f"…"`',
    because: "every language writes it in its own way",
    instead: 'say what to write, such as `flag ? "yes" : "no"`',
  },
  severalTypes: {
    what: "a member of a value of several types",
    because: "each of the types may have another of its name, or none",
    instead: "say which by `.as<type>`",
  },
  encoding: {
    what: "an encoding that is not in the list",
    because: "its texts cannot be read and written alike",
    instead: "read bytes, or use one of the list",
  },
  bigInteger: {
    what: "an integer beyond 2^53-1 outside of expressions (names of an `enum`, numbers of ours)",
    because: "most YAML readers round it",
    instead: "compare with it in an expression, such as `valid: {expr: _ == 0xffffffffffffffff}`",
  },
  unclearInteger: {
    what: "an integer with leading zeros, an exponent or another prefix than `0x`",
    because: "readers of YAML take it for different numbers",
    instead: "write it in decimal or hexadecimal",
  },
  inherited: {
    what: "a name such as `constructor`",
    because: "every JavaScript object has a use for it",
    instead: "choose another; a `.ksy` says the old one by `-orig-id`",
  },
  oneName: {
    what: "two names that become one (`a_b` and `a__b`, a type `b` in `a` and a type `a_b`, a type called as its file)",
    because: "emitted code has one name for both",
    instead: "choose another for one; a `.ksy` says the old one by `-orig-id`",
  },
  neededName: {
    what: "a type whose name is that of something emitted code needs (`uint8_array`, `data_view`)",
    because: "the one would hide the other",
    instead: "choose another; a `.ksy` says the old one by `-orig-id`",
  },
  kindField: {
    what: "a field `kind` in a case of a choice whose fields stand beside the common ones",
    because: "`kind` says there which case a value is",
    instead: "choose another name, and say the old one by `-orig-id`",
  },
  impossible: {
    what: "a rule or a case that no value meets, such as `valid: 300` on a `u1`",
    because: "nothing is ever read by it",
    instead: "leave it away, or take a type that has the value",
  },
  endless: {
    what: "a type that stands inside itself, whatever the bytes",
    because: "no bytes are a value of it",
    instead: "let an `if`, a choice or a count end it",
  },
  emptyEnum: {
    what: "an enumeration without values",
    because: "it names nothing",
    instead: "leave it away, or name a value",
  },
  noMeaning: {
    what: "a key that says nothing where it stands, such as `include` without a `terminator`, or the size of an integer",
    because: "other readers pass over it, and a mistake would stay unseen",
    instead: "leave it away",
  },
  newer: {
    what: "a `ks-version` above 0.12",
    because: "what such a spec means is not known here",
    instead: "leave it away where nothing in the spec is newer",
  },
} as const satisfies Readonly<Record<string, Refused>>;

/** A message of a fault that is refused by choice. @param fault what is wrong, as a sentence begins */
export function refusedAs(feature: keyof typeof REFUSED, fault: string): string {
  return refusal(feature, `${fault}, which`);
}

/** A message that refuses a feature. @param what the one that is meant, with its name in the spec */
export function refusal(feature: keyof typeof REFUSED, what?: string): string {
  const { what: general, because, instead } = REFUSED[feature];
  const plain = (text: string): string => text.replaceAll("`", "'");
  return `${what ?? plain(general)} is not supported, because ${plain(because)}; ${plain(instead)}`;
}
