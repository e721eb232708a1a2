/** Small formats of what specs of other people say: parameters of other files, constants as items, escapes. */
import type { Sample } from "./judge.js";

/** A file that others import. */
const LIB = `
meta: {}
seq: [{id: one, type: u1}]
enums: {animal: {1: cat, 2: dog}}
types:
  block: {seq: [{id: x, type: u1}], instances: {twice: {value: x * 2}}}
`;

export const BROUGHT: Readonly<Record<string, Sample>> = {
  named_elsewhere: {
    spec: `
meta: {imports: [lib]}
seq:
  - {id: whole, type: lib}
  - {id: part, type: 'lib::block'}
  - {id: both, type: 'both(whole, part, [part])'}
types:
  both:
    params:
      - {id: whole, type: lib}
      - {id: part, type: 'lib::block'}
      - {id: parts, type: 'lib::block[]'}
    instances:
      sum: {value: 'whole.one + part.x + part.twice + parts[0].x'}
`,
    files: { lib: LIB },
    bytes: ["01 02", "ff 00"],
  },
  // No bytes: theirs is given its parameters otherwise.
  params_alone: {
    spec: "\nmeta: {imports: [lib]}\nparams: [{id: k, type: u1, enum: 'lib::animal'}, {id: whole, type: lib}]\n",
    files: { lib: LIB },
    bytes: [],
  },
  cast_elsewhere: {
    spec: `
meta: {imports: [lib]}
params: [{id: given, type: struct}]
instances: {whole: {value: given.as<lib>}, part: {value: given.as<lib::block>}}
`,
    files: { lib: LIB },
    bytes: [],
  },
  constants_as_items: {
    spec: `
meta: {}
seq:
  - {id: n, type: u1}
  - {id: twice, contents: [1, 2], repeat: expr, repeat-expr: n}
  - {id: all, contents: x, repeat: eos}
instances:
  first: {pos: 0, contents: [2], if: n == 2}
  size: {value: all.size}
`,
    bytes: ["02 01020102 7878", "00"],
    stricter: ["constant"],
  },
  items_elsewhere: {
    spec: `
meta: {endian: le}
seq: [{id: n, type: u1}]
instances:
  pairs: {pos: 1, type: pair, repeat: expr, repeat-expr: n, if: n > 0}
  number: {pos: 1, type: u2, if: n > 1}
  text: {pos: 2, size: 2, if: n > 0}
  chosen: {pos: 1, type: {switch-on: n, cases: {1: pair, _: u2}}, if: n > 0}
  floats: {pos: 1, type: f4, repeat: expr, repeat-expr: 1, if: n > 1}
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}]}
`,
    bytes: ["01 010203", "02 01020304", "00"],
  },
  wide_handed_on: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u8}
  - {id: all, type: u8, repeat: expr, repeat-expr: 2}
  - {id: key, type: u8}
  - {id: inner, type: 'inner(n, all)'}
  - {id: bytes, size: 2, process: xor(key)}
types:
  inner:
    params: [{id: one, type: u8}, {id: list, type: 'u8[]'}]
    seq: [{id: a, size: one}]
    instances:
      sum: {value: 'one + list[0] + list.last'}
      most: {value: list.max}
`,
    bytes: ["0200000000000000 0300000000000000 0400000000000000 0500000000000000 6162 6364"],
    // Theirs takes the low half of a size of 64 bits.
    stricter: ["short"],
  },
  texts_to_the_end: {
    spec: `
meta: {encoding: UTF-8}
seq: [{id: escapes, type: u1}, {id: rest, type: str, size-eos: true}]
instances:
  codes: {value: '"\\u0041\\102\\0\\a\\b\\e\\f\\v\\u263b"'}
  octal: {value: '"\\0\\62\\62"'}
`,
    bytes: ["01 6162", "00"],
    stricter: ["text"],
  },
  imported_in_circles: {
    spec: `
meta: {imports: [ring]}
seq: [{id: tag, type: u1}, {id: body, type: {switch-on: tag, cases: {1: ring(tag), 2: u1, _: none}}}]
types: {none: {}}
`,
    files: {
      ring: `
meta: {imports: [imported_in_circles]}
params: [{id: tag, type: u1}]
seq: [{id: more, type: u1}, {id: next, type: imported_in_circles, if: more == tag}]
`,
    },
    bytes: ["01 01 01 01 02 07", "01 02", "00"],
  },
  integers_of_sizes: {
    spec: `
meta: {endian: le}
seq:
  - {id: tag, type: u1}
  - {id: size, type: {switch-on: tag, cases: {1: u1, 2: u2, 4: u4, 8: u8, 9: b24, _: u8}}}
  - {id: all, type: {switch-on: tag, cases: {1: u1, _: u8}}, repeat: expr, repeat-expr: 2}
  - {id: data, size: size, if: size > 0}
instances:
  twice: {value: (size * 2 - 1).to_s}
  sum: {value: 'all[0] + all[1]'}
  most: {value: all.max}
`,
    bytes: [
      "01 02 0304 6162",
      "08 0100000000000000 0200000000000000 0300000000000000 61",
      "09 000001 0100000000000000 0200000000000000 61",
      "07 0000000000000000 0100000000000000 0200000000000000",
    ],
    stricter: ["short"],
  },
  list_in_its_items: {
    spec: `
meta: {endian: be}
seq:
  - {id: magic, size: 2, contents: [1, 2]}
  - {id: groups, type: 'group(_index == 0 ? 0 : groups[_index - 1].sum)', repeat: until, repeat-until: not _.more}
types:
  group:
    params: [{id: before, type: u4}]
    seq: [{id: more, type: b1}, {id: value, type: b7}]
    instances: {sum: {value: before * 128 + value}}
instances: {value: {value: groups.last.sum}}
`,
    bytes: ["0102 81 82 03", "0102 00"],
    stricter: ["constant"],
  },
  integers_beyond: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: u8, valid: {any-of: [18446744073709551615, 1]}}
  - {id: b, type: s8, valid: {min: -9223372036854775808, max: 0x7fff_ffff_ffff_ffff}}
  - {id: c, type: u8, valid: 0xffffffffffffffff}
  - {id: body, type: {switch-on: a, cases: {'18446744073709551615': u1, 1: u2}}}
instances:
  most: {value: 18446744073709551615}
  is_most: {value: a == 0xffff_ffff_ffff_ffff}
  is_less: {value: b < 9223372036854775807}
  perhaps: {value: 'a == 1 ? 0x8000_0000_0000_0000 : 2'}
`,
    bytes: ["ffffffffffffffff 0000000000000080 ffffffffffffffff 07"],
    // Theirs rounds integers of 64 bits.
    values: [
      {
        a: "18446744073709551615n",
        b: "-9223372036854775808n",
        c: "18446744073709551615n",
        body: 7,
        most: "18446744073709551615n",
        isMost: true,
        isLess: true,
        perhaps: 2,
      },
    ],
  },
  lists_as_bytes: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: a, type: u1}
  - {id: b, type: u2}
  - {id: c, size: 2}
instances:
  bytes: {value: '[a, b].as<bytes>'}
  text: {value: '[a, a].as<bytes>.to_s("ASCII")'}
  is_same: {value: 'bytes == c'}
`,
    bytes: ["61 6200 6162", "41 ff00 0000"],
    stricter: ["range", "text"],
  },
  one_case: {
    spec: `
meta: {}
seq:
  - {id: on, size: 2}
  - {id: body, type: {switch-on: on, cases: {_: pair}}}
types:
  pair: {seq: [{id: x, type: u1}]}
`,
    bytes: ["0102 03"],
  },
};

/** The same without general types: what reads the rest as a text needs no count. */
export const FLAT: readonly string[] = [
  "seq: [{id: s, type: str, size-eos: true}]",
  "seq: [{id: n, type: u1}, {id: s, type: str, size-eos: true}]",
  "seq: [{id: s, type: str, size: _io.size - 1}, {id: n, type: u1}]",
  "seq: [{id: n, type: u1, if: true}, {id: s, type: str, size-eos: true}]",
];
