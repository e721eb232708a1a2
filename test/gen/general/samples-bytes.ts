/** Small formats of bits, bytes and texts. */
import type { Sample } from "./judge.js";

export const BITS: Readonly<Record<string, Sample>> = {
  bits_unaligned: {
    spec: `
meta: {bit-endian: be}
seq:
  - {id: a, type: b3}
  - {id: b, type: b1}
  - {id: c, type: b7}
  - {id: d, type: u1}
`,
    bytes: ["b5a0 ff", "0000 01"],
  },
  bits_little: {
    spec: `
meta: {bit-endian: le}
seq:
  - {id: a, type: b5}
  - {id: b, type: b9}
  - {id: c, type: b2}
  - {id: d, type: b1}
`,
    bytes: ["ff3f 01", "1234 00"],
  },
  bits_wide: {
    spec: `
meta: {bit-endian: be}
seq:
  - {id: a, type: b40}
  - {id: b, type: b53}
  - {id: c, type: b3}
`,
    bytes: ["0102030405 0000000000ff02", "ffffffffff ffffffffffffff"],
    values: [
      { a: 4328719365, b: 8160, c: 2 },
      { a: 2 ** 40 - 1, b: 2 ** 53 - 1, c: 7 },
    ],
  },
  bits_of_64: {
    spec: `
meta: {}
seq:
  - {id: a, type: b64}
  - {id: b, type: b4}
  - {id: c, type: b4}
`,
    bytes: ["8000000000000005 12"],
    values: [{ a: "9223372036854775813n", b: 1, c: 2 }],
  },
  bits_optional: {
    spec: `
meta: {}
enums: {kind: {1: one, 2: two}}
seq:
  - {id: has, type: b1}
  - {id: kind, type: b3, enum: kind, if: has}
  - {id: more, type: b2, repeat: expr, repeat-expr: 2}
`,
    bytes: ["9e", "50"],
  },
  bits_enum: {
    spec: `
meta: {}
enums: {animal: {0: cat, 1: dog, 4: pig}}
seq:
  - {id: a, type: b3, enum: animal}
  - {id: b, type: b1, enum: animal}
  - {id: c, type: b4, enum: animal}
instances:
  is_pig: {value: "a == animal::pig"}
`,
    bytes: ["94", "20"],
  },
};

export const TEXTS: Readonly<Record<string, Sample>> = {
  str_zero: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: a, type: strz}
  - {id: b, type: str, terminator: 0x40, consume: false}
  - {id: c, type: u1}
  - {id: d, type: strz, include: true}
`,
    bytes: ["666f6f00 7840 62c3bc00", "00 40 00"],
  },
  str_at_end: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: a, type: strz, eos-error: false}
  - {id: b, size-eos: true}
`,
    bytes: ["616200ff", "6162 00"],
  },
  padded: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: a, type: str, size: 8, pad-right: 0x2b}
  - {id: b, type: str, size: 8, terminator: 0x40, pad-right: 0x2b}
  - {id: c, type: str, size: 8, terminator: 0x40, include: true}
  - {id: d, size: 4, terminator: 0}
  - {id: e, type: strz, size: 4}
`,
    bytes: ["6162632b2b2b2b2b 6162402b2b2b2b2b 6140000000000000 01020000 61620000"],
  },
  padded_open: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: a, type: str, size: 6, terminator: 0x40, -open: true}
  - {id: b, size: 4, pad-right: 0xff, -open: true}
`,
    bytes: ["616240000000 0102ffff"],
  },
  text_encodings: {
    spec: `
meta: {}
seq:
  - {id: a, type: str, size: 4, encoding: UTF-16LE}
  - {id: b, type: str, size: 4, encoding: UTF-16BE}
  - {id: c, type: str, size: 2, encoding: ISO-8859-1}
  - {id: d, type: strz, encoding: UTF-16LE}
  - {id: e, type: str, size: 4, encoding: Shift_JIS}
`,
    bytes: ["61003404 00610434 e9ff 4100 0001 0000 8ea9 93fa"],
    stricter: ["text"],
  },
  text_repeated: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: n, type: u1}
  - {id: all, type: strz, repeat: expr, repeat-expr: n}
  - {id: until, type: strz, repeat: until, repeat-until: _ == ""}
  - {id: rest, type: str, terminator: 0x7c, repeat: eos}
`,
    bytes: ["02 6100 626300 7800 00 617c 62637c", "00 00"],
  },
  bytes_terminated: {
    spec: `
meta: {}
seq:
  - {id: a, terminator: 0x7c}
  - {id: b, terminator: 0}
  - {id: c, size-eos: true}
`,
    bytes: ["61627c 0100 ff", "7c 00"],
    stricter: ["short"],
  },
  // Their JavaScript passes over a byte behind a terminator that is included.
  included: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: a, type: strz, include: true}
  - {id: b, type: u1}
  - {id: c, terminator: 0x40, include: true, consume: false}
  - {id: d, size-eos: true}
`,
    bytes: ["6100 05 40 01"],
    values: [{ a: "a\u0000", b: 5, c: { 0: 0x40 }, d: { 0: 0x40, 1: 1 } }],
  },
  floats_valid: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: a, type: f4, valid: {min: 0.5, max: 2}}
  - {id: b, type: f8be, valid: {any-of: [1.5, 2]}}
  - {id: c, type: str, size: 2, valid: '"ok"'}
  - {id: d, size: 2, valid: "[1, 2]"}
  - {id: e, type: u1, valid: {expr: _ % 2 == 0}}
  - {id: f, type: str, size: 1, valid: {any-of: ['"a"', '"b"']}}
instances:
  half: {value: a / 2}
  whole: {value: (a * 2.5).to_i}
`,
    bytes: ["0000803f 3ff8000000000000 6f6b 0102 04 61"],
    stricter: ["constant"],
  },
  processed: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: key, type: u1}
  - {id: a, size: 3, process: xor(key)}
  - {id: b, size: 2, process: "xor([1, 2])"}
  - {id: c, size: 2, process: rol(3)}
  - {id: d, size: 2, process: ror(3), type: pair}
types:
  pair:
    seq: [{id: x, type: u1}, {id: y, type: u1}]
`,
    bytes: ["03 010203 ffff 2c4c 8001"],
    stricter: ["text"],
  },
  compressed: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: u1}
  - {id: b, size-eos: true, process: zlib, type: inner}
types:
  inner:
    seq: [{id: n, type: u2}, {id: rest, size-eos: true}]
`,
    bytes: ["07 789c6364484c4a0600 02540128"],
    stricter: ["constant", "short"],
  },
};
