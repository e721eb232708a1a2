/** Small formats of types: choices, imports, parents, byte orders, types without a sequence. */
import type { Sample } from "./judge.js";

export const STRUCTURES: Readonly<Record<string, Sample>> = {
  choice_of_texts: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: code, type: strz}
  - id: body
    type:
      switch-on: code
      cases:
        '"int"': u1
        '"text"': strz
        _: pair
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}]}
`,
    bytes: ["696e7400 05", "7465787400 6100", "7a00 0102"],
    stricter: ["text"],
  },
  choice_repeated: {
    spec: `
meta: {endian: be}
enums: {code: {1: number, 2: block}}
seq:
  - {id: ops, type: op, repeat: eos}
types:
  op:
    seq:
      - {id: code, type: u1, enum: code}
      - id: arg
        type:
          switch-on: code
          cases:
            code::number: u2
            code::block: block
    instances:
      block_size: {value: arg.as<block>.n, if: code == code::block}
  block: {seq: [{id: n, type: u1}, {id: data, size: n}]}
`,
    bytes: ["01 0102 02 02 0304", ""],
  },
  choice_sized: {
    spec: `
meta: {}
seq:
  - {id: code, type: u1}
  - id: body
    size: 3
    type:
      switch-on: code + _root.extra
      cases: {1: one, 2: two}
instances: {extra: {value: 1}}
types:
  one: {seq: [{id: a, type: u1}, {id: b, size-eos: true}]}
  two: {seq: [{id: c, type: b24}]}
`,
    bytes: ["00 010203", "01 010203", "05 010203"],
  },
  no_seq: {
    spec: `
meta: {}
seq:
  - {id: n, type: u1}
  - {id: nothing, type: nothing}
  - {id: view, type: view}
types:
  nothing: {}
  view:
    instances:
      twice: {value: _parent.n * 2}
`,
    bytes: ["05"],
  },
  only_instances: {
    spec: `
meta: {endian: le}
instances:
  a: {pos: 0, type: u2}
  b: {pos: 2, type: u2}
  sum: {value: a + b}
`,
    bytes: ["0100 0200"],
  },
  order_by_value: {
    spec: `
meta: {}
seq:
  - {id: docs, type: doc, repeat: eos}
types:
  doc:
    seq:
      - {id: mark, size: 2}
      - {id: main, type: main}
    types:
      main:
        meta:
          endian:
            switch-on: _parent.mark
            cases: {'[0x49, 0x49]': le, _: be}
        seq:
          - {id: a, type: u2}
          - {id: inner, type: inner}
      inner:
        seq: [{id: b, type: u2be}]
`,
    bytes: ["4949 0100 0002 4d4d 0001 0003"],
  },
  order_inherited: {
    spec: `
meta: {endian: {switch-on: _root.mark, cases: {1: le, 2: be}}}
seq: []
instances: {mark: {pos: 0, type: u1}, rest: {pos: 1, type: rest}}
types:
  rest: {seq: [{id: a, type: u2}, {id: b, type: f4}, {id: c, type: s8}]}
`,
    bytes: ["01 0100 0000803f 0200000000000000", "02 0001 3f800000 0000000000000003"],
    stricter: ["kind"],
  },
  recursive: {
    spec: `
meta: {}
seq: [{id: root, type: node}]
types:
  node:
    seq:
      - {id: n, type: u1}
      - {id: nodes, type: node, repeat: expr, repeat-expr: n}
    instances:
      count: {value: n + 1}
`,
    bytes: ["02 01 00 00", "00"],
  },
  chosen_parent: {
    spec: `
meta: {}
seq:
  - {id: n, type: u1}
  - {id: outer, type: outer}
types:
  outer:
    seq:
      - {id: m, type: u1}
      - {id: inner, type: inner, parent: _parent}
  inner:
    seq: [{id: data, size: _parent.n}]
`,
    bytes: ["02 09 0102"],
  },
  no_parent: {
    spec: `
meta: {}
seq:
  - {id: n, type: u1}
  - {id: outer, type: outer}
  - {id: inner, type: inner, parent: false}
types:
  outer:
    seq:
      - {id: m, type: u1}
      - {id: inner, type: inner, parent: "false"}
  inner:
    seq: [{id: data, size: _root.n}]
`,
    bytes: ["02 09 0102 0304"],
  },
  imported: {
    spec: `
meta: {imports: [vlq, head]}
seq:
  - {id: len, type: vlq}
  - {id: head, type: head}
  - {id: part, type: "head::part(len.value)"}
  - {id: data, size: len.value}
`,
    files: {
      vlq: `
meta: {}
seq: [{id: groups, type: group, repeat: until, repeat-until: not _.more}]
types:
  group:
    seq: [{id: more, type: b1}, {id: bits, type: b7}]
instances:
  value: {value: "groups.last.bits + (groups.size > 1 ? groups[0].bits << 7 : 0)"}
`,
      head: `
meta: {endian: be}
enums: {kind: {1: one}}
seq: [{id: kind, type: u1, enum: kind}]
types:
  part:
    params: [{id: n, type: u4}]
    seq: [{id: a, type: u2}]
    instances: {sum: {value: a + n}}
`,
    },
    bytes: ["02 01 0102 ffff", "8000 02 0000"],
  },
  terminated_types: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: a, type: rest, terminator: 0x7c}
  - {id: b, type: rest, size: 5, terminator: 0, pad-right: 0x20}
  - {id: c, type: rest, terminator: 0x40, repeat: eos}
types:
  rest: {seq: [{id: text, type: str, size-eos: true}]}
`,
    bytes: ["61627c 6162002020 6140 626340", "7c 0020202020"],
    stricter: ["short"],
  },
  constants: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: magic, contents: [0x50, 0x4b]}
  - {id: version, type: u1, valid: 3}
  - {id: marks, contents: "x", repeat: expr, repeat-expr: 2}
  - {id: name, type: strz}
instances:
  magic_size: {value: magic.length}
`,
    bytes: ["504b 03 7878 6100"],
    stricter: ["constant"],
  },
  javascript_names: {
    spec: `
meta: {encoding: ASCII}
seq:
  - {id: class, type: strz}
  - {id: s, type: u1}
  - {id: v, type: v}
  - {id: function, type: "map(s)"}
  - {id: value, type: u1, repeat: until, repeat-until: _ == 0}
types:
  v: {seq: [{id: f, type: u1}], instances: {r: {value: f + _parent.s}}}
  map: {params: [{id: arguments, type: u1}], seq: [{id: x, size: arguments}]}
`,
    bytes: ["6100 01 02 03 0400"],
  },
  loose_end: {
    spec: `
meta: {}
-open: true
seq:
  - {id: a, type: b3}
  - {id: b, size: 4, type: inner}
types:
  inner: {seq: [{id: c, type: u1}], instances: {d: {value: c + 1}}}
`,
    bytes: ["20 01000000"],
  },
};
