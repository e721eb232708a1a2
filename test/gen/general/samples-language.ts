/** Small formats of the language, feature after feature: expressions and what they may ask of values. */
import type { Sample } from "./judge.js";

export const LANGUAGE: Readonly<Record<string, Sample>> = {
  fstrings: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: name, type: strz}
  - {id: n, type: u1}
  - {id: pair, type: pair}
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: s1}]}
instances:
  plain: {value: 'f"hello"'}
  empty: {value: 'f""'}
  text: {value: 'f"[{name}] has {n}"'}
  sum: {value: 'f"{n + 1}/{pair.x * 2}={pair.y}"'}
  nested: {value: 'f"{name + "!"}{n.to_s}"'}
  escaped: {value: 'f"tab\\t {name}\\n"'}
`,
    bytes: ["616200 05 02ff", "00 00 0000"],
    stricter: ["text"],
  },
  sizes: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: u2}
  - {id: b, type: block}
  - {id: c, type: bits}
types:
  block: {seq: [{id: x, type: u1}, {id: y, type: u4}, {id: z, size: 3}]}
  bits: {seq: [{id: p, type: b3}, {id: q, type: b7}, {id: r, type: b2}]}
instances:
  of_block: {value: sizeof<block>}
  of_int: {value: sizeof<u4>}
  bits_of_block: {value: bitsizeof<block>}
  bits_of_bits: {value: bitsizeof<b13>}
  bytes_of_bits: {value: sizeof<bits>}
  bits_of_type: {value: bitsizeof<bits>}
  of_member: {value: b._sizeof}
  of_number: {value: a._sizeof}
  of_itself: {value: _sizeof}
`,
    bytes: ["0100 0203040506070809 a0b0"],
  },
  strings: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: s, type: strz}
  - {id: hex, type: str, size: 4}
instances:
  length: {value: s.length}
  backwards: {value: s.reverse}
  first: {value: "s.substring(0, 1)", if: s.length > 0}
  rest: {value: "s.substring(1, s.length)", if: s.length > 1}
  from_hex: {value: hex.to_i(16), if: hex == "00ff"}
  from_bits: {value: hex.to_i(2), if: hex == "0101"}
  from_octal: {value: hex.to_i(8), if: hex == "0777"}
  twice: {value: s + s}
  less: {value: s < hex}
  not_less: {value: s >= hex}
  equal: {value: s == "ab"}
  different: {value: s != 'ab'}
  digits: {value: '"12345".to_i'}
  literal: {value: '"a\\tb\\"c"'}
  quoted: {value: "'it is \\\\n so'"}
  joined: {value: '"x" + s.substring(0, 0) + "y"'}
`,
    bytes: ["616200 30306666", "6300 30313031", "616200 30373737"],
    stricter: ["text"],
  },
  numbers: {
    spec: `
meta: {endian: be}
seq:
  - {id: a, type: s4}
  - {id: b, type: u1}
  - {id: f, type: f8}
instances:
  text: {value: a.to_s}
  text_of_sum: {value: (a + b).to_s + "!"}
  whole: {value: f.to_i}
  whole_negative: {value: (0 - f).to_i}
  mod: {value: a % 7}
  div: {value: a / 7}
  negative_mod: {value: -a % 7}
  shift: {value: b << 3 >> 1}
  masks: {value: (b & 0x0f) | (b & 0xf0) >> 4 ^ 3}
  priority: {value: 1 + 2 * 3 - 4 / 2}
  brackets: {value: (1 + 2) * (3 - 4)}
  chain: {value: 'a > 0 ? 1 : a == 0 ? 2 : 3'}
  truth: {value: a > 0 or a < 0 and b != 0}
  inverse: {value: not (a > 0)}
  hex: {value: 0x1F + 0b101 + 0o17 + 1_000}
  real: {value: 1.5e3 + 2.25}
  real_half: {value: f / 2 * 3}
  less: {value: f < 10}
  complement: {value: ~b & 0xff}
  truth_number: {value: (a > 0).to_i}
  big: {value: 4294967295 + 1}
`,
    bytes: ["0000000a f3 4009000000000000", "fffffff6 00 c025000000000000", "00000000 07 0000000000000000"],
    stricter: ["range"],
  },
  arrays: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: n, type: u1}
  - {id: numbers, type: s2, repeat: expr, repeat-expr: n}
  - {id: reals, type: f4, repeat: expr, repeat-expr: 2}
  - {id: names, type: strz, repeat: expr, repeat-expr: 2}
  - {id: blobs, size: 2, repeat: expr, repeat-expr: 2}
  - {id: pairs, type: pair, repeat: expr, repeat-expr: 2}
types:
  pair: {seq: [{id: x, type: u1}, {id: list, type: u1, repeat: expr, repeat-expr: 2}]}
instances:
  size: {value: numbers.size}
  first: {value: numbers.first}
  last: {value: numbers.last}
  least: {value: numbers.min}
  most: {value: numbers.max}
  at: {value: "numbers[n - 1]"}
  least_real: {value: reals.min}
  most_real: {value: reals.max}
  first_name: {value: names.first}
  least_name: {value: names.min}
  byte: {value: "blobs[1][0]"}
  inner: {value: "pairs[1].list[0] + pairs.first.list.last"}
  literal: {value: "[1000, -2, 3]"}
  literal_sum: {value: "[1000, -2, 3].first + [1000, -2, 3].last"}
  texts: {value: '["b", "a"].min'}
  reals_literal: {value: "[1.5, 2.5].max"}
  empty: {value: "numbers.size == 0"}
`,
    bytes: ["02 0100feff 0000803f000000c0 62006100 6364 01ff 010203 040506"],
    stricter: ["range", "text"],
  },
  bytes_methods: {
    spec: `
meta: {}
seq:
  - {id: b, size: 4}
  - {id: c, size: 2}
instances:
  size: {value: b.size}
  length: {value: b.length}
  first: {value: b.first}
  last: {value: b.last}
  least: {value: b.min}
  most: {value: b.max}
  at: {value: "b[2]"}
  text: {value: b.to_s("ASCII")}
  utf: {value: c.to_s("UTF-16LE"), if: "c[1] == 0"}
  same: {value: "b == [0x61, 0x62, 0x63, 0x64]"}
  other: {value: "b != c"}
  less: {value: b < c}
  literal: {value: "[1, 2, 255]"}
  literal_at: {value: "[1, 2, 255][2]"}
  chosen: {value: "b[0] > 0 ? b : c"}
`,
    bytes: ["61626364 6100", "41424344 0041"],
    stricter: ["text", "range"],
  },
  enums: {
    spec: `
meta: {endian: le}
enums:
  color: {0: red, 1: green, 0x7fffffff: blue}
  sign: {-1: minus, 0: zero, 1: plus}
  size:
    1: {id: small, doc: Not large., doc-ref: [somewhere, elsewhere], -orig-id: SMALL}
    0xffffffff: huge
seq:
  - {id: color, type: u4, enum: color}
  - {id: sign, type: s1, enum: sign}
  - {id: size, type: u4, enum: size}
  - {id: flag, type: b1, enum: color}
  - {id: more, type: b7, enum: color}
  - {id: list, type: u1, enum: color, repeat: expr, repeat-expr: 2}
  - {id: inner, type: outer::inner}
types:
  outer:
    enums: {state: {4: on, 5: off}}
    types:
      inner:
        enums: {deep: {9: bottom}}
        seq:
          - {id: state, type: u1, enum: state}
          - {id: deep, type: u1, enum: deep}
        instances:
          is_on: {value: state == outer::state::on}
          is_bottom: {value: deep == outer::inner::deep::bottom}
instances:
  number: {value: color.to_i}
  is_minus: {value: sign == sign::minus}
  is_color: {value: "list[0] == color::green"}
  chosen: {value: "color == color::red ? size::small : size::huge"}
  of_number: {value: color.to_i + 1, enum: color}
  of_literal: {value: 1, enum: color}
  state: {value: outer::state::off}
  deep: {value: outer::inner::deep::bottom.to_i}
  less: {value: color.to_i < 1}
`,
    bytes: ["01000000 ff ffffffff 81 0105 0409", "00000000 05 01000000 02 0000 0509"],
  },
  enums_long: {
    spec: `
meta: {endian: le}
enums:
  big: {0: zero, 4294967296: four_gigas, 9007199254740991: most}
  low: {-4294967297: below, 1: one}
seq:
  - {id: a, type: u8, enum: big}
  - {id: b, type: s8be, enum: low}
instances:
  is_most: {value: a == big::most}
  is_below: {value: b == low::below}
`,
    bytes: ["ffffffffffff1f00 fffffffeffffffff", "0000000001000000 0000000000000001"],
  },
  casts: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: tag, type: u1}
  - id: body
    type:
      switch-on: tag
      cases:
        1: point
        2: outer::deep
        3: strz
        4: u2
        _: blob
types:
  point: {seq: [{id: x, type: u1}, {id: y, type: u1}]}
  blob: {seq: [{id: data, size-eos: true}]}
  outer:
    types:
      deep: {seq: [{id: z, type: s2}], instances: {twice: {value: z * 2}}}
instances:
  x: {value: body.as<point>.x, if: tag == 1}
  z: {value: body.as<outer::deep>.z, if: tag == 2}
  twice: {value: body.as<outer::deep>.twice, if: tag == 2}
  text: {value: body.as<str> + "!", if: tag == 3}
  number: {value: body.as<u2> + 1, if: tag == 4}
  narrow: {value: tag.as<u1>}
  list: {value: "[1, 2, 3].as<s4[]>"}
  bytes: {value: "[65, 66].as<bytes>"}
`,
    bytes: ["01 0203", "02 ffff", "03 6100", "04 0102", "09 010203"],
    stricter: ["text"],
  },
  switches: {
    spec: `
meta: {endian: be, encoding: ASCII}
enums: {kind: {1: one, 2: two}}
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: name, type: str, size: 1}
  - {id: by_enum, type: {switch-on: kind, cases: {'kind::one': u1, 'kind::two': u2, _: u4}}}
  - {id: by_text, type: {switch-on: name, cases: {'"a"': s1, '"b"': s2}}, if: name == "a" or name == "b"}
  - {id: by_truth, type: {switch-on: kind == kind::one, cases: {'true': u1, 'false': u2}}}
  - {id: by_number, type: {switch-on: kind.to_i + 1, cases: {2: f4, 3: f8, _: b8}}}
  - {id: by_bytes, type: {switch-on: bytes, cases: {'[1]': u1, '[0x02]': u2, _: none}}}
  - {id: many, type: {switch-on: _index, cases: {0: u1, _: u2}}, repeat: expr, repeat-expr: 2}
types:
  none: {}
instances:
  bytes: {value: '[2].as<bytes>'}
`,
    bytes: [
      "01 61 05 fe 06 3f800000 0708 01 0203",
      "02 62 0506 fffe 0708 3ff0000000000000 0901 01 0203",
      "03 63 01020304 0102 05 0102 09 0203",
    ],
    stricter: ["text"],
  },
  untils: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: a, type: u1, repeat: until, repeat-until: _ == 0 or _ > 200}
  - {id: b, type: pair, repeat: until, repeat-until: _.x == _.y}
  - {id: c, type: strz, repeat: until, repeat-until: _ == "end"}
  - {id: d, size: 2, repeat: until, repeat-until: '_[0] == 0'}
  - {id: f, type: u1, repeat: until, repeat-until: _io.eof or f.size >= 3}
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}], instances: {sum: {value: x + y}}}
`,
    bytes: ["0102ff 0102 0303 6100 656e6400 0101 0002 0405", "00 0000 656e6400 0000 040506"],
    stricter: ["text"],
  },
  valids: {
    spec: `
meta: {endian: le, encoding: UTF-8}
enums: {animal: {1: cat, 2: dog}}
seq:
  - {id: eq, type: u1, valid: 3}
  - {id: eq_long, type: u1, valid: {eq: 4}}
  - {id: range, type: s2, valid: {min: -5, max: 5}}
  - {id: least, type: u4, valid: {min: 10}}
  - {id: most, type: f4, valid: {max: 2.5}}
  - {id: any, type: u1, valid: {any-of: [5, 6, 7]}}
  - {id: named, type: u1, enum: animal, valid: {in-enum: true}}
  - {id: by_name, type: u1, enum: animal, valid: 'animal::dog'}
  - {id: any_named, type: u1, enum: animal, valid: {any-of: ['animal::cat', 'animal::dog']}}
  - {id: expr, type: u1, valid: {expr: _ % 2 == 0 and _ > eq}}
  - {id: text, type: strz, valid: '"ab"'}
  - {id: any_text, type: str, size: 1, valid: {any-of: ['"x"', '"y"']}}
  - {id: bytes, size: 2, valid: '[1, 2]'}
  - {id: list, type: u1, repeat: expr, repeat-expr: 2, valid: {max: 9}}
  - {id: pair, type: pair, valid: {expr: _.x < _.y}}
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}]}
instances:
  sum: {value: eq + any}
  twice: {value: eq * 2}
`,
    bytes: ["03 04 fbff 0a000000 00002040 05 01 02 01 04 616200 78 0102 0809 0102"],
    stricter: ["constant", "enum"],
  },
};
