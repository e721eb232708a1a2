/** Small formats of the language in its corners: choices of every kind, values that ask for others. */
import type { Sample } from "./judge.js";

export const CORNERS: Readonly<Record<string, Sample>> = {
  choices_everywhere: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: t, type: u1}
  - {id: body, size: 3, type: {switch-on: t, cases: {1: a, _: dflt}}}
  - {id: many, size: 2, type: {switch-on: t, cases: {1: a2, 2: dflt}}, repeat: expr, repeat-expr: 2}
  - {id: only, type: {switch-on: t, cases: {_: a2}}}
types:
  a: {seq: [{id: x, type: b24}]}
  a2: {seq: [{id: x, type: u2}]}
  dflt: {seq: [{id: all, size-eos: true}]}
instances:
  inst: {pos: 1, size: 3, type: {switch-on: t, cases: {1: a}}}
  vd: {pos: 0, type: u1, valid: {max: 9}}
  list: {pos: 1, size: 1, type: dflt, repeat: expr, repeat-expr: 2}
  eos: {pos: 0, type: u1, repeat: eos}
  e: {pos: 0, type: u1, enum: en}
enums: {en: {1: one}}
`,
    bytes: ["01 010203 0405 0607 0809", "02 010203 0405 0607 0809", "03 010203 0405 0607 0809"],
    readOnly: "x",
  },
  choices_of_numbers: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: a, type: u1}
  - {id: b, type: u2}
  - {id: sw, type: {switch-on: a, cases: {1: u1, 2: u2, 3: s4, 4: f4}}}
  - {id: ints, type: {switch-on: a, cases: {1: u1, 2: u2, _: u4}}, repeat: expr, repeat-expr: 2}
  - {id: u, type: {switch-on: a, cases: {1: u1, _: u4}}, repeat: until, repeat-until: _ == 0}
instances:
  sum: {value: 'ints[0] + ints[1]'}
  cmp: {value: sw > 1}
  add: {value: sw + 1}
  eqi: {value: 'ints[0] == b'}
`,
    bytes: [
      "01 0100 05 0102 00",
      "02 0200 0500 01000000 02000000 00000000",
      "04 0100 0000803f 01000000 02000000 00000000",
    ],
    stricter: ["kind"],
  },
  neighbours: {
    spec: `
meta: {endian: le}
seq:
  - {id: hdr, type: hdr}
  - {id: recs, type: 'rec(hdr.sz, _index)', size: hdr.sz, repeat: expr, repeat-expr: hdr.n}
types:
  hdr: {seq: [{id: n, type: u1}, {id: sz, type: u1}]}
  rec:
    params: [{id: sz, type: u1}, {id: idx, type: s4}]
    seq: [{id: a, type: u1}, {id: rest, size: sz - 1}]
    instances:
      is_last: {value: idx == _parent.hdr.n - 1}
      next: {value: '_parent.recs[idx + 1]', if: not is_last}
      prev_a: {value: '_parent.recs[idx - 1].a', if: idx > 0}
`,
    bytes: ["02 02 0102 0304"],
    stricter: ["short", "range"],
  },
  order_by_text: {
    spec: `
meta: {endian: le, encoding: UTF-8}
seq:
  - {id: magic, type: str, size: 4, valid: {any-of: ['"ABCD"', '"DCBA"']}}
  - {id: body, type: body}
types:
  body:
    meta: {endian: {switch-on: _root.magic, cases: {'"ABCD"': be, '"DCBA"': le}}}
    seq: [{id: a, type: u2}, {id: sub, type: sub}, {id: arr, type: u4, repeat: expr, repeat-expr: 2}]
    instances: {p: {pos: 4, type: u2}}
    types:
      sub: {seq: [{id: b, type: f4}]}
`,
    bytes: ["41424344 0001 3f800000 0000000100000002", "44434241 0100 0000803f 0100000002000000"],
    stricter: ["range"],
  },
  tagged_tree: {
    spec: `
meta: {endian: be, encoding: ASCII}
seq:
  - {id: tlvs, type: tlv, repeat: eos}
types:
  tlv:
    seq:
      - {id: tag, type: tag}
      - {id: len, type: len}
      - {id: val, size: len.value, type: {switch-on: tag.is_constructed, cases: {true: tlvlist}}}
  tlvlist: {seq: [{id: items, type: tlv, repeat: eos}]}
  tag:
    seq: [{id: cls, type: b2}, {id: is_constructed, type: b1}, {id: num, type: b5}, {id: more, type: u1, if: num == 31}]
  len:
    seq: [{id: b1, type: u1}, {id: b2, size: 'b1 & 0x7f', if: 'b1 & 0x80 != 0'}]
    instances:
      value: {value: 'b1 & 0x80 == 0 ? b1 : (b2[0] << 8) | b2[1]'}
`,
    bytes: ["2005 0401aa 0400", "048200 02 aabb", ""],
    stricter: ["short", "range"],
  },
  type_names: {
    spec: `
meta: {endian: le, encoding: ascii}
seq:
  - {id: type, type: u1}
  - {id: length, type: u1}
  - {id: new, type: u1}
  - {id: io, type: u1}
  - {id: string, type: string}
  - {id: array, type: array}
  - {id: map, type: map}
types:
  string: {seq: [{id: to_s, type: u1}]}
  array: {seq: [{id: first, type: u1}]}
  map: {seq: [{id: number, type: number}]}
  number: {seq: [{id: error, type: error}]}
  error: {seq: [{id: promise, type: u1}]}
instances:
  sum: {value: type + length + new + io + string.to_s + array.first}
`,
    bytes: ["01020304 05 06 07"],
  },
  unnamed: {
    spec: `
meta: {endian: le}
seq:
  - {type: u1}
  - {type: pair}
  - {id: x, type: u1}
types:
  pair: {seq: [{type: u1}, {id: b, type: u1}]}
instances: {y: {value: x}}
`,
    bytes: ["01 0203 04"],
  },
  streams_chosen: {
    spec: `
meta: {endian: le}
seq:
  - {id: flag, type: u1}
  - {id: one, type: pair, size: 2}
  - {id: two, type: pair, size: 2}
types:
  pair: {seq: [{id: a, type: u1}, {id: b, type: u1}]}
instances:
  stream: {value: 'flag == 1 ? one._io : two._io'}
  picked: {io: stream, pos: 1, type: u1}
  direct: {io: 'flag == 1 ? one._io : two._io', pos: 0, type: u1}
  chosen: {value: 'flag == 1 ? one : two'}
  chosen_b: {value: chosen.b}
  alias: {value: one}
`,
    bytes: ["01 0203 0405"],
    readOnly: "lies in the stream of another value",
  },
  enums_of_others: {
    spec: `
meta: {endian: le, encoding: ASCII, imports: [lib]}
enums: {k: {1: one, 2: two}}
seq:
  - {id: n, type: u1}
  - {id: ks, type: u1, enum: k, repeat: expr, repeat-expr: n, valid: {in-enum: true}}
  - {id: ik, type: u1, enum: 'lib::kind'}
  - {id: iks, type: u1, enum: 'lib::kind', repeat: expr, repeat-expr: 2}
  - {id: sw, type: {switch-on: ik, cases: {'lib::kind::round': u1, 'lib::kind::flat': 'lib::shape', _: strz}}, repeat: expr, repeat-expr: 2}
  - {id: maybe, type: {switch-on: n, cases: {1: u1, 2: strz}}, if: n < 3}
  - {id: lists, type: lst, repeat: until, repeat-until: '_.v[0] == 0'}
types:
  lst: {seq: [{id: v, type: u1, repeat: expr, repeat-expr: 2}]}
instances:
  first: {value: 'ks[0]', if: n > 0}
  all: {value: ks}
  mixed: {value: 'n == 1 ? "a" : "b"'}
  enum_or: {value: 'n > 0 ? ks[0] : k::one'}
  imp: {value: 'lib::kind::round'}
  is_round: {value: 'ik == lib::kind::round'}
  lst0: {value: lists.first.v}
  last_of: {value: 'lists[lists.size - 1].v.last'}
  pk: {pos: 0, type: u1, enum: k, repeat: expr, repeat-expr: 1}
  ps: {pos: 0, type: {switch-on: n, cases: {1: u1, _: u2}}, repeat: expr, repeat-expr: 1}
  pb: {pos: 0, size: 1, if: n == 1}
`,
    files: {
      lib: `
meta: {endian: be}
enums: {kind: {0: flat, 1: round}}
types:
  shape: {seq: [{id: w, type: u2}]}
`,
    },
    bytes: ["01 01 01 0001 05 06 07 0102 0000", "02 0102 00 0000 0005 0006 6100 0000"],
    stricter: ["text"],
  },
  constants_computed: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: a, type: p(1)}
  - {id: b, type: q}
types:
  p:
    params: [{id: x, type: u1}]
    seq: [{id: y, type: u1, if: x == 1}]
    instances: {z: {value: 'x + y', if: x == 1}}
  q:
    seq: [{id: empty, size: 0}, {id: list, size: 0, repeat: expr, repeat-expr: 2}]
    instances:
      none: {value: '""'}
      t: {value: true}
      neg: {value: -5}
      f: {value: 1.5}
      bytes: {value: '[0, 255]'}
      l: {value: '[256, 1]'}
      par: {value: _parent.a.y}
      cond: {value: 't ? 1 : 2'}
      never: {value: 1, if: false}
      both: {value: 't and not t'}
      strs: {value: '["a", "b"]'}
      cmp: {value: '"a" < "b"'}
`,
    bytes: ["05"],
  },
  bits_chosen: {
    spec: `
meta: {endian: le, bit-endian: le}
seq:
  - {id: tag, type: b4, enum: t}
  - {id: sw, type: {switch-on: tag, cases: {'t::a': b4, 't::b': u1}}}
  - {id: z, type: u1}
enums: {t: {1: a, 2: b}}
`,
    bytes: ["01 03 05", "02 04 05"],
    stricter: ["kind"],
  },
  names_of_locals: {
    spec: `
meta: {endian: le}
seq:
  - {id: f, type: f}
  - {id: session, type: session}
  - {id: frame, type: frame}
types:
  f: {seq: [{id: s, type: u1}, {id: f, type: u1}, {id: v, type: u1}, {id: r, type: u1}, {id: w, type: u1}]}
  session: {seq: [{id: parent, type: u1}, {id: root, type: u1}, {id: args, type: u1}, {id: value, type: u1}]}
  frame:
    params: []
    seq: [{id: i1, type: u1, repeat: expr, repeat-expr: 2}, {id: l1, type: u1}, {id: x1, type: u1}]
    instances: {o: {value: l1 + x1}, x: {value: 1}, y: {value: i1}}
`,
    bytes: ["0102030405 01020304 01020304"],
  },
  params_of_root: {
    spec: `
meta: {endian: be, encoding: ASCII}
seq: [{id: part, type: 'part(2, "x", 3)'}, {id: wide, type: wide}]
types:
  part:
    params: [{id: w, type: u1}, {id: s, type: str}, {id: is_bare, type: u1}]
    seq: [{id: a, size: w}]
    instances: {q: {value: s + "x"}}
  wide:
    seq: [{id: n, type: u8}]
    instances: {named: {value: n, enum: k}}
enums: {k: {1: one}}
`,
    bytes: ["0102 0000000000000001"],
    stricter: ["unsafe-integer"],
  },
  // No bytes: theirs is given its parameters otherwise.
  root_params: {
    spec: `
meta: {endian: be, encoding: ASCII}
params:
  - {id: w, type: u1}
  - {id: s, type: str}
  - {id: r, type: u1}
  - {id: is_bare, type: u1}
  - {id: args, type: u1}
  - {id: end, type: u1}
seq: [{id: a, size: w + r + is_bare + args + end}]
instances: {q: {value: s + "x"}}
`,
    bytes: [],
  },
  // Sizes and counts of nothing, alone and in items.
  nothing_there: {
    spec: `
meta: {endian: be}
seq:
  - {id: none, size: 0}
  - {id: many, type: u1, repeat: expr, repeat-expr: 0}
  - {id: rows, type: row, repeat: expr, repeat-expr: 2}
  - {id: mark, contents: AB, size: 2}
types: {row: {seq: [{id: gap, size: 0}, {id: n, type: u1}, {id: tail, size: 0, if: n == 1}]}}
`,
    bytes: ["01 00 4142"],
  },
};
