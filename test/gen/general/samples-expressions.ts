/** Small formats of expressions, instances and rules. */
import type { Sample } from "./judge.js";

export const EXPRESSIONS: Readonly<Record<string, Sample>> = {
  expr_numbers: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: s4}
  - {id: b, type: u2}
  - {id: f, type: f4}
instances:
  sum: {value: a + b}
  difference: {value: a - b * 2}
  quotient: {value: a / 3}
  remainder: {value: a % 3}
  shifted: {value: b << 2}
  back: {value: b >> 3}
  masked: {value: b & 0xff | 0x100}
  toggled: {value: b ^ 0x0f}
  inverted: {value: ~b}
  negative: {value: -a}
  chosen: {value: "a > 10 ? b : -1"}
  both: {value: a > 0 and b > 0 or not (a == -1)}
  real: {value: f * 2.5 + b}
  floor: {value: f.to_i}
  text: {value: b.to_s}
  size: {value: sizeof<pair>}
types:
  pair:
    seq: [{id: x, type: u1}, {id: y, type: u4}]
`,
    bytes: ["0a000000 0500 0000803f", "f6ffffff 0100 000040bf"],
  },
  expr_texts: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: s, type: strz}
  - {id: b, size: 3}
instances:
  length: {value: s.length}
  backwards: {value: s.reverse}
  part: {value: "s.substring(1, 3)", if: s.length >= 3}
  number: {value: s.to_i, if: s == "123"}
  hex: {value: s.to_i(16), if: s == "ff"}
  joined: {value: s + "!"}
  greater: {value: s > "b"}
  first: {value: b.first}
  last: {value: b.last}
  least: {value: b.min}
  most: {value: b.max}
  second: {value: "b[1]"}
  bytes_length: {value: b.length}
  same: {value: "b == [1, 2, 3]"}
  ascii: {value: b.to_s("ASCII"), if: "b[0] == 0x61"}
`,
    bytes: ["31323300 010203", "666600 616263", "00 000000"],
    stricter: ["text"],
  },
  expr_lists: {
    spec: `
meta: {endian: be, encoding: ASCII}
seq:
  - {id: n, type: u1}
  - {id: all, type: u2, repeat: expr, repeat-expr: n}
  - {id: pairs, type: pair, repeat: expr, repeat-expr: 2}
  - {id: names, type: strz, repeat: expr, repeat-expr: 2}
types:
  pair:
    seq: [{id: x, type: u1}, {id: y, type: f4}]
instances:
  size: {value: all.size}
  first: {value: all.first}
  last: {value: all.last}
  least: {value: all.min}
  most: {value: all.max}
  x_of_second: {value: "pairs[1].x"}
  y_of_last: {value: pairs.last.y}
  name: {value: "names[0] + names[1]"}
  greatest_name: {value: names.max}
  literal: {value: "[10, 300, 20].max"}
`,
    bytes: ["02 0001 0100 01 3f800000 02 40000000 6100 6200"],
    stricter: ["range"],
  },
  expr_enums: {
    spec: `
meta: {}
enums:
  animal: {1: cat, 2: dog}
seq:
  - {id: a, type: u1, enum: animal, valid: {in-enum: true}}
  - {id: b, type: u1}
instances:
  is_cat: {value: "a == animal::cat"}
  number: {value: a.to_i + 1}
  other: {value: b, enum: animal}
  constant: {value: "animal::dog"}
  chosen: {value: "b == 1 ? animal::cat : animal::dog"}
  bool_number: {value: (a == animal::cat).to_i}
`,
    bytes: ["01 02", "02 01"],
  },
  expr_stream: {
    spec: `
meta: {}
seq:
  - {id: a, type: u1}
  - {id: b, size: _io.pos + 1}
  - {id: inner, size: 4, type: inner}
  - {id: more, type: u1, if: not _io.eof}
types:
  inner:
    seq:
      - {id: first, type: u1}
      - {id: rest, size: _io.size - _io.pos}
instances:
  size: {value: _io.size}
  inner_size: {value: inner._io.size}
`,
    bytes: ["01 0203 04050607 08", "01 0203 04050607"],
    stricter: ["short"],
  },
  around: {
    spec: `
meta: {}
seq:
  - {id: version, type: u1}
  - {id: header, type: header}
  - {id: body, type: body}
types:
  header:
    seq: [{id: n, type: u1}]
    instances: {twice: {value: n * 2}}
  body:
    seq:
      - {id: items, type: item, repeat: expr, repeat-expr: _parent.header.n}
      - {id: trailer, size: _root.header.twice}
    types:
      item:
        seq:
          - {id: a, type: u1}
          - {id: b, type: u1, if: _parent._parent.version > 1}
        instances:
          scaled: {value: a * _root.version + _parent._parent.header.n}
`,
    bytes: ["01 02 0304 05060708", "02 01 0304 0506"],
  },
  indexed: {
    spec: `
meta: {}
seq:
  - {id: n, type: u1}
  - {id: items, size: _index + 1, repeat: expr, repeat-expr: n}
  - {id: types, type: item(_index), repeat: expr, repeat-expr: n}
types:
  item:
    params: [{id: i, type: u1}]
    seq: [{id: v, type: u1}]
    instances: {sum: {value: v + i}}
`,
    bytes: ["02 01 0203 0405", "00"],
  },
  params_of_kinds: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: head, type: head}
  - {id: name, type: strz}
  - {id: data, size: 2}
  - {id: body, type: 'body(head, name, data, head.flag, list, 1.5)'}
  - {id: list2, type: u1}
instances:
  list: {value: "[300, 2]"}
types:
  head:
    seq: [{id: n, type: u1}, {id: flag, type: b1}, {id: unused, type: b7}]
  body:
    params:
      - {id: head, type: head}
      - {id: name, type: str}
      - {id: data, type: bytes}
      - {id: flag, type: bool}
      - {id: list, type: 's4[]'}
      - {id: ratio, type: f8}
    seq:
      - {id: a, size: head.n}
      - {id: b, type: u1, if: flag and name == "x"}
    instances:
      sum: {value: "data[0] + list[0]"}
      scaled: {value: ratio * 2}
`,
    bytes: ["01 80 7800 0102 ff ee 09", "00 00 00 0102 09"],
    stricter: ["text"],
  },
  integers_wide: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: u8}
  - {id: b, type: s8be, -u64: bigint}
  - {id: c, type: u8, repeat: expr, repeat-expr: 2}
instances:
  next: {value: a + 1}
  same: {value: a}
`,
    bytes: ["0100000000000000 fffffffffffffff0 0200000000000000 0300000000000000"],
  },
  positions: {
    spec: `
meta: {endian: le}
seq:
  - {id: ofs, type: u1}
  - {id: len, type: u1}
instances:
  body: {pos: ofs, size: len}
  entry: {pos: 2, type: entry}
types:
  entry:
    seq: [{id: x, type: u2}]
`,
    bytes: ["06 02 0102 0000 0304"],
  },
  positions_nested: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u1}
  - {id: entries, type: entry, repeat: expr, repeat-expr: n}
types:
  entry:
    seq:
      - {id: ofs, type: u1}
      - {id: len, type: u1}
    instances:
      body:
        io: _root._io
        pos: ofs
        size: len
        type: body
  body:
    seq: [{id: a, type: u1}, {id: rest, size-eos: true}]
`,
    bytes: ["02 0502 0703 0102 030405"],
  },
  positions_backwards: {
    spec: `
meta: {}
seq: [{id: a, type: u1}]
instances:
  tail: {pos: _io.size - 2, size: 2}
`,
    bytes: ["01 0203", "01 020304"],
    readOnly: "the position of 'tail' asks for '_io.size'",
  },
  positions_elsewhere: {
    spec: `
meta: {}
seq:
  - {id: first, size: 3, type: block, -open: true}
instances:
  second: {io: first._io, pos: 1, size: 2}
types:
  block: {seq: [{id: a, type: u1}]}
`,
    bytes: ["010203"],
    readOnly: "lies in the stream of another value",
  },
};
