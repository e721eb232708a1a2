/** Small formats of the language, feature after feature: what stands around values, and where they lie. */
import type { Sample } from "./judge.js";

export const SURROUNDINGS: Readonly<Record<string, Sample>> = {
  bcd: {
    spec: `
meta: {imports: [digits]}
seq:
  - {id: ltr, type: 'digits(6, 4, false)'}
  - {id: rtl, type: 'digits(4, 4, true)'}
instances:
  sum: {value: ltr.as_int + rtl.as_int}
`,
    files: {
      digits: `
meta: {bit-endian: be}
params:
  - {id: digit_count, type: u1}
  - {id: width, type: u1}
  - {id: is_little, type: bool}
seq:
  - id: digits
    type: {switch-on: width, cases: {4: b4, 8: u1}}
    repeat: expr
    repeat-expr: digit_count
instances:
  last: {value: digit_count - 1}
  as_int:
    value: >-
      digits[is_little ? 0 : last] +
      digits[is_little ? 1 : last - 1] * 10 +
      (digit_count < 3 ? 0 : digits[is_little ? 2 : last - 2] * 100) +
      (digit_count < 4 ? 0 : digits[is_little ? 3 : last - 3] * 1000)
`,
    },
    bytes: ["123456 4321"],
    stricter: ["range"],
  },
  processes: {
    spec: `
meta: {endian: le}
seq:
  - {id: key, size: 2}
  - {id: n, type: u1}
  - {id: by_number, size: 3, process: xor(0x5a)}
  - {id: by_bytes, size: 3, process: xor(key)}
  - {id: by_list, size: 3, process: 'xor([1, 2, 255])'}
  - {id: by_sum, size: 2, process: xor(n + 1)}
  - {id: left, size: 2, process: rol(n & 7)}
  - {id: right, size: 2, process: ror(3)}
  - {id: typed, size: 4, process: xor(key), type: pair}
  - {id: list, size: 2, process: rol(1), type: bytes_of, repeat: expr, repeat-expr: 2}
  - {id: rest, size-eos: true, process: xor(0xff)}
types:
  pair: {seq: [{id: x, type: u2}, {id: y, type: s2}]}
  bytes_of: {seq: [{id: a, type: u1}, {id: b, type: u1}]}
`,
    bytes: [
      "0180 02 010203 010203 010203 0102 8001 8001 01020304 01020304 0f0e",
      "ff00 07 000000 000000 000000 0000 0000 0000 00000000 00000000",
    ],
    stricter: ["range"],
  },
  instances: {
    spec: `
meta: {endian: be, encoding: ASCII}
seq:
  - {id: ofs, type: u1}
  - {id: count, type: u1}
  - {id: index, type: entry, repeat: expr, repeat-expr: count}
instances:
  header: {pos: 0, type: u2}
  names: {pos: ofs, type: strz, repeat: expr, repeat-expr: count}
  block: {pos: ofs, size: 2, type: block}
  until: {pos: ofs, type: u1, repeat: until, repeat-until: _ == 0}
  maybe: {pos: ofs + 1, type: u1, if: count > 1}
  magic: {pos: 0, size: 1}
  enumerated: {pos: 1, type: u1, enum: e}
  total: {value: index.size + names.size}
  chosen: {pos: ofs, type: {switch-on: count, cases: {1: u1, _: u2}}}
enums: {e: {1: one, 2: two}}
types:
  entry:
    seq: [{id: at, type: u1}, {id: size, type: u1}]
    instances:
      body: {io: _root._io, pos: at, size: size}
      text: {pos: 0, type: u1}
      parent_count: {value: _parent.count}
  block: {seq: [{id: a, type: u1}], instances: {b: {pos: 1, type: u1}, whole: {pos: 0, size-eos: true}}}
`,
    bytes: ["06 02 0601 0702 6100 6200", "04 01 0400 6100"],
    stricter: ["range", "short", "text"],
  },
  streams: {
    spec: `
meta: {endian: le}
seq:
  - {id: first, type: sub, size: 5}
  - {id: second, size: 3}
  - {id: third, type: reader(first._io), size: 1}
  - {id: fourth, type: reader(_io)}
types:
  sub:
    seq: [{id: n, type: u1}]
    instances:
      rest: {pos: 1, size: _io.size - 1}
      here: {value: _io.pos}
  reader:
    params: [{id: stream, type: io}]
    seq: [{id: m, type: u1}]
    instances:
      inside: {io: stream, pos: 2, type: u1}
      size: {value: stream.size}
instances:
  of_first: {io: first._io, pos: 3, type: u1}
  of_root: {io: _root._io, pos: 6, type: u1}
  size: {value: _io.size}
  first_size: {value: first._io.size}
  is_end: {value: _io.eof}
`,
    bytes: ["01 02030405 060708 09 0a"],
    readOnly: "There is no encode",
  },
  parents: {
    spec: `
meta: {endian: le}
seq:
  - {id: version, type: u1}
  - {id: top, type: top}
types:
  top:
    seq:
      - {id: n, type: u1}
      - {id: items, type: item, repeat: expr, repeat-expr: n}
      - {id: tail, type: tail(version)}
    instances:
      version: {value: _root.version}
    types:
      item:
        seq:
          - {id: kind, type: u1}
          - {id: data, size: _parent.n + _parent._parent.version}
          - {id: leaf, type: leaf}
        types:
          leaf:
            seq: [{id: z, type: u1, if: _parent.kind == 1}]
            instances:
              up: {value: _parent._parent._parent.version + _root.top.n}
              first: {value: '_parent._parent.items[0].kind'}
      tail:
        params: [{id: v, type: u1}]
        seq: [{id: t, size: v}]
`,
    bytes: ["01 02 01 aabbcc 07 00 aabbcc 09", "00 01 02 aa"],
  },
  parent_of_several: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u1}
  - {id: a, type: first}
  - {id: b, type: second}
types:
  first: {seq: [{id: size, type: u1}, {id: data, type: shared(size)}]}
  second: {seq: [{id: size, type: u1}, {id: other, type: u1}, {id: data, type: shared(size)}]}
  shared:
    params: [{id: size, type: u1}]
    seq: [{id: bytes, size: size}, {id: more, size: _root.n}]
    instances:
      of_first: {value: _parent.as<first>.size, if: size == 1}
`,
    bytes: ["01 01 aa bb 02 09 aabb cc"],
    stricter: ["range"],
  },
  params: {
    spec: `
meta: {endian: le, encoding: ASCII}
enums: {color: {1: red, 2: blue}}
seq:
  - {id: head, type: head}
  - {id: list, type: u1, repeat: expr, repeat-expr: 2}
  - {id: name, type: strz}
  - {id: blob, size: 2}
  - {id: heads, type: head, repeat: expr, repeat-expr: 2}
  - id: all
    type: all(head, list, name, blob, head.color, head.n > 1, 1.5, heads, 3, _io)
types:
  head: {seq: [{id: n, type: u1}, {id: color, type: u1, enum: color}]}
  all:
    params:
      - {id: head, type: head}
      - {id: list, type: 'u1[]'}
      - {id: name, type: str}
      - {id: blob, type: bytes}
      - {id: color, type: u1, enum: color}
      - {id: flag, type: bool}
      - {id: real, type: f4}
      - {id: heads, type: 'head[]'}
      - {id: number, type: s4}
      - {id: stream, type: io}
    seq:
      - {id: a, size: head.n, if: flag}
      - {id: b, size: 'list[0]', if: color == color::red}
      - {id: c, size: name.length}
      - {id: d, size: 'heads[1].n'}
      - {id: e, type: 'inner(head, flag, heads.last)'}
    instances:
      sum: {value: 'number + blob[0] + list.last'}
      scaled: {value: real * 2}
      joined: {value: name + "!"}
  inner:
    params: [{id: h, type: head}, {id: f, type: bool}, {id: l, type: struct}]
    seq: [{id: x, type: u1, if: f and h.color == color::red}]
`,
    bytes: ["02 01 0102 6100 0304 0001 0102 aabb cc dd ee ff"],
    stricter: ["text"],
  },
  imports: {
    spec: `
meta: {endian: le, imports: [shapes, counted]}
seq:
  - {id: shape, type: shapes}
  - {id: point, type: 'shapes::point'}
  - {id: kind, type: u1, enum: 'shapes::kind'}
  - {id: number, type: counted}
  - {id: choice, type: {switch-on: kind, cases: {'shapes::kind::round': 'shapes::point', _: 'shapes::deep::inner'}}}
  - {id: with_param, type: 'takes(point, kind)'}
types:
  takes:
    params: [{id: p, type: 'shapes::point'}, {id: k, type: u1, enum: 'shapes::kind'}]
    seq: [{id: x, size: p.x}]
    instances:
      is_round: {value: 'k == shapes::kind::round'}
instances:
  x: {value: point.x + shape.n}
  cast: {value: 'choice.as<shapes::point>.x', if: 'kind == shapes::kind::round'}
  of_number: {value: number.value * 2}
`,
    files: {
      shapes: `
meta: {endian: be, imports: [counted]}
enums: {kind: {0: square, 1: round}}
seq: [{id: n, type: u2}, {id: inner, type: deep}, {id: number, type: counted}]
types:
  point: {seq: [{id: x, type: u1}, {id: y, type: u2}]}
  deep:
    seq: [{id: i, type: inner}]
    types:
      inner: {seq: [{id: z, type: u2}], instances: {twice: {value: z * 2}}}
`,
      counted: `
meta: {endian: le}
seq: [{id: raw, type: u2}]
instances:
  value: {value: raw + 1}
`,
    },
    bytes: ["0001 0002 0300 010002 01 0400 050006 aa", "0001 0002 0300 000002 00 0400 0506"],
  },
  encodings: {
    spec: `
meta: {encoding: UTF-8}
seq:
  - {id: utf8, type: strz}
  - {id: le, type: str, size: 4, encoding: UTF-16LE}
  - {id: be, type: strz, encoding: UTF-16BE}
  - {id: latin, type: str, size: 2, encoding: ISO-8859-1}
  - {id: cyrillic, type: str, size: 2, encoding: windows-1251}
  - {id: greek, type: str, size: 2, encoding: ISO-8859-7}
  - {id: japanese, type: str, size: 4, encoding: SJIS}
  - {id: korean, type: str, size: 2, encoding: EUC-KR}
  - {id: chinese, type: str, size: 2, encoding: Big5}
  - {id: own, type: own}
types:
  own:
    meta: {encoding: UTF-16LE}
    seq: [{id: text, type: str, size: 2}, {id: ended, type: strz}]
`,
    bytes: ["c3a900 61003404 0061 0000 e9ff cfd0 e1e2 8ea993fa b0a1 a440 6100 62000000"],
    stricter: ["text"],
  },
  ends: {
    spec: `
meta: {endian: le, encoding: UTF-8}
seq:
  - {id: line, type: str, terminator: 10}
  - {id: kept, type: str, terminator: 0x2c, consume: false}
  - {id: comma, contents: [0x2c]}
  - {id: padded, type: str, size: 5, pad-right: 0x20}
  - {id: both, type: str, size: 5, terminator: 0x40, pad-right: 0x2b}
  - {id: zero, type: strz, size: 4}
  - {id: sized, type: line_type, size: 4}
  - {id: typed, type: rest_type, terminator: 0x3b}
  - {id: rest, type: str, size-eos: true, terminator: 0x21, eos-error: false}
types:
  line_type: {seq: [{id: text, type: str, terminator: 0, eos-error: false}]}
  rest_type: {seq: [{id: bytes, size-eos: true}]}
`,
    bytes: ["61620a 612c 6162202020 6140 2b2b2b 61620000 61626364 61623b 616221"],
    stricter: ["constant", "short"],
  },
  contents: {
    spec: `
meta: {}
seq:
  - {id: text, contents: "ABC"}
  - {id: bytes, contents: [1, 0x02, "x", 3]}
  - {id: maybe, contents: [9], if: has}
  - {id: n, type: u1}
instances:
  has: {value: true}
  size: {value: text.length + bytes.size}
  first: {value: 'bytes[0]'}
`,
    bytes: ["414243 01027803 09 05"],
    stricter: ["constant"],
  },
  conditions: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: flags, type: u1}
  - {id: a, type: u1, if: flags & 1 != 0}
  - {id: b, type: pair, if: flags & 2 != 0}
  - {id: c, type: u1, repeat: expr, repeat-expr: 2, if: flags & 4 != 0}
  - {id: d, type: b3, if: flags & 8 != 0}
  - {id: e, type: b5, if: flags & 8 != 0}
types:
  pair:
    seq: [{id: x, type: u1}, {id: y, type: u1}]
    instances: {sum: {value: x + y, if: x > 0}}
instances:
  has_a: {value: a, if: flags & 1 != 0}
  by: {value: 'flags & 2 != 0 ? b.x : 0'}
  at: {pos: 0, type: u1, if: flags > 1}
  list_sum: {value: 'c[0] + c[1]', if: flags & 4 != 0}
`,
    bytes: ["00", "01 05", "02 0102", "04 0304", "0f 01 0203 0405 a6"],
  },
  bits: {
    spec: `
meta: {endian: le, bit-endian: le}
enums: {e: {1: one, 5: five}}
seq:
  - {id: a, type: b3, enum: e}
  - {id: b, type: b1}
  - {id: c, type: b12}
  - {id: whole, type: u2}
  - {id: d, type: b1, repeat: expr, repeat-expr: 8}
  - {id: inner, type: high}
  - {id: f, type: b31}
  - {id: g, type: b1}
types:
  high:
    meta: {bit-endian: be}
    seq: [{id: a, type: b4}, {id: b, type: b10}, {id: c, type: b2}]
instances:
  sum: {value: c + 1}
  flag: {value: 'b ? 1 : 2'}
  is_five: {value: a == e::five}
`,
    bytes: ["3d12 0304 a5 f123 01020384"],
  },
  docs: {
    spec: `
meta: {title: Of docs, license: CC0-1.0, ks-version: 0.11, xref: {wikidata: Q1}, tags: [a, b], endian: le, -own: 1}
doc: |
  Several lines.
  And more.
doc-ref: [one, "https://two"]
-webide-representation: "{a:dec}"
to-string: '"a" + a.to_s'
seq:
  - {id: a, type: u1, doc: Of a., doc-ref: somewhere, -orig-id: AAA, -webide-parse-mode: eager}
  - {id: b, type: inner, doc-ref: [x, y]}
types:
  inner:
    doc: Inside.
    doc-ref: [x]
    to-string: x.to_s
    seq: [{id: x, type: u1, -orig-id: [a, b]}]
instances:
  c: {value: a + 1, doc: Of c., doc-ref: there, -orig-id: CCC}
`,
    bytes: ["0102"],
  },
  nested_names: {
    spec: `
meta: {endian: le}
seq:
  - {id: a, type: outer}
  - {id: b, type: outer::middle}
  - {id: c, type: outer::middle::inner}
types:
  outer:
    seq: [{id: m, type: middle}, {id: i, type: middle::inner}]
    types:
      middle:
        seq: [{id: i, type: inner}, {id: s, type: shared}]
        types:
          inner: {seq: [{id: x, type: u1}]}
          shared: {seq: [{id: y, type: u2}]}
  shared: {seq: [{id: z, type: u4}]}
`,
    bytes: ["01 0203 04 05 0607 08"],
  },
  repeated: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: n, type: u1}
  - {id: matrix, type: row(n), repeat: expr, repeat-expr: n}
  - {id: sized, type: row(1), size: 2, repeat: expr, repeat-expr: n}
  - {id: chosen, type: {switch-on: n, cases: {1: u1, 2: u2}}, repeat: expr, repeat-expr: n}
  - {id: terminated, terminator: 0, repeat: expr, repeat-expr: n}
  - {id: indexed, type: 'at(_index)', repeat: expr, repeat-expr: n}
  - {id: sizes, size: _index + 1, repeat: expr, repeat-expr: n}
  - {id: rest, type: at(0), repeat: eos}
types:
  row: {params: [{id: w, type: u1}], seq: [{id: cells, type: u1, repeat: expr, repeat-expr: w}], -open: true}
  at: {params: [{id: i, type: u4}], seq: [{id: v, type: u1}], instances: {sum: {value: v + i}}}
`,
    bytes: ["02 01020304 05000700 090a0b0c 610062 00 0102 010203 0405", "01 01 0200 04 6100 09 07"],
    stricter: ["short", "kind"],
  },
  opened: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u1}
  - {id: values, type: value_type, repeat: expr, repeat-expr: n}
types:
  value_type:
    seq:
      - {id: tag, type: u1}
      - {id: body, size: 2, type: {switch-on: tag, cases: {1: one, 2: two}}}
    instances:
      number: {value: 'tag == 1 ? body.as<one>.a : tag == 2 ? body.as<two>.b : -1'}
  one: {seq: [{id: a, type: u1}, {id: b, type: u1}]}
  two: {seq: [{id: b, type: u2}]}
`,
    bytes: ["03 01 0203 02 0405 09 0607"],
  },
  // The official compiler takes a single byte.
  terminators: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: line, type: str, terminator: [13, 10]}
  - {id: kept, terminator: [1, 2, 1], include: true}
  - {id: left, type: str, terminator: [0x2d, 0x2d], consume: false}
  - {id: dashes, size: 2}
  - {id: wide, type: str, encoding: UTF-16LE, terminator: [10, 0]}
  - {id: sized, type: str, size: 6, terminator: [13, 10], pad-right: 0x20}
`,
    bytes: ["610d620d0a 01010201 0201 2d2d 000a0a00 630d0a202020"],
    values: [
      {
        line: "a\rb",
        kept: { 0: 1, 1: 1, 2: 2, 3: 1 },
        left: "\u0002\u0001",
        dashes: { 0: 45, 1: 45 },
        wide: "\u0a00",
        sized: "c",
      },
    ],
  },
  encodings_wide: {
    spec: `
meta: {}
seq:
  - {id: le, type: str, size: 8, encoding: UTF-32LE}
  - {id: be, type: strz, encoding: utf_32be}
  - {id: page, type: str, size: 1, encoding: cp1252}
  - {id: chinese, type: str, size: 2, encoding: GB2312}
`,
    bytes: ["6100000000f60100 0000006200000000 e9 b0a1"],
    values: [{ le: "a\u{1f600}", be: "b", page: "é", chinese: "啊" }],
  },
};
