/** Small formats of what other readers pass over: cases that a choice has not, bytes that a type leaves. */
import type { Sample } from "./judge.js";

export const PASSED_OVER: Readonly<Record<string, Sample>> = {
  case_of_nothing: {
    spec: `
meta: {endian: le}
seq:
  - {id: tag, type: u1}
  - {id: extra, type: {switch-on: tag, cases: {1: u2, 2: pair, 3: u4}}}
  - {id: rows, type: row, repeat: eos}
types:
  pair: {seq: [{id: x, type: u1}, {id: y, type: u1}]}
  row:
    seq:
      - {id: kind_of, type: u1}
      - {id: body, type: {switch-on: is_long, cases: {true: u4}}}
    instances:
      is_long: {value: kind_of > 127}
      doubled: {value: body * 2, if: is_long}
instances:
  is_short: {value: tag == 1}
  half: {value: extra.as<u2> / 2, if: is_short}
`,
    bytes: ["00 01 02", "01 1000 ff05000000 01", "02 0102", "09"],
  },
  case_of_both: {
    spec: `
meta: {endian: be}
seq:
  - {id: is_wide, type: u1}
  - {id: width, type: {switch-on: is_wide != 0, cases: {true: u4, false: u2}}}
  - {id: height, type: {switch-on: is_wide, cases: {0: u2, _: u4}}}
instances:
  area: {value: width * height}
`,
    bytes: ["00 0002 0003", "01 00000002 00000003"],
  },
  value_of_nothing: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u1}
  - {id: a, type: u1, if: n > 0}
  - {id: b, type: pair, if: n > 1}
  - {id: w, type: u8, if: n > 2}
  - {id: pet, type: u1, enum: pet, if: n > 3}
  - {id: c, type: u1, if: early == 3}
  - {id: late, type: u1, if: n != 9}
types:
  pair: {seq: [{id: x, type: u1}]}
enums:
  pet: {1: cat, 2: dog}
instances:
  of_a: {value: a}
  of_b: {value: 'n != 5 ? b : b'}
  of_c: {value: b.as<pair>}
  of_w: {value: w}
  of_pet: {value: pet}
  either: {value: 'n == 7 ? n : a'}
  chained: {value: of_a}
  same: {value: chained == 4}
  more: {value: of_a + 1, if: n > 0}
  early: {value: late}
`,
    bytes: [
      "00 05",
      "01 04 03",
      "02 04 01 03",
      "03 04 01 0500000000000000 03",
      "04 04 01 0500000000000000 01 03",
      "09 04 01 0500000000000000 01",
    ],
  },
  case_at_position: {
    spec: `
meta: {endian: le}
seq:
  - {id: tag, type: u1}
  - {id: at, type: u1}
instances:
  there: {pos: at, type: {switch-on: tag, cases: {1: u1, 2: u2}}}
  is_there: {value: tag == 1 or tag == 2}
`,
    bytes: ["01 02 07", "02 02 0708", "03 00"],
  },
  streams_left: {
    spec: `
meta: {endian: le}
seq:
  - {id: n, type: u1}
  - {id: head, size: n, type: header}
  - {id: tail, size-eos: true, type: carrier}
types:
  header: {seq: [{id: version, type: u1}]}
  carrier: {}
instances:
  first: {io: tail._io, pos: 0, type: u1}
`,
    bytes: ["01 05 09", "03 05 0102 09 08"],
    readOnly: "lies in the stream of another value",
  },
  texts_cut: {
    spec: `
meta: {endian: le, encoding: ASCII}
seq:
  - {id: name, type: strz, size: 4}
  - {id: names, type: str, size: 3, terminator: 0, pad-right: 0x2b, repeat: expr, repeat-expr: 2}
  - {id: raw, size: 4, terminator: 0x7c, include: true}
  - {id: kind_of, type: u1}
  - {id: body, size: 3, terminator: 0, type: {switch-on: kind_of, cases: {1: pair}}}
types:
  pair: {seq: [{id: x, type: u1}]}
`,
    bytes: [
      "61006200 630064 652b2b 617c0000 01 050000",
      "61000000 6300ff 65002b 617c0107 02 050000",
      "61000000 63002b 65002b 617c0000 01 050007",
    ],
    leaves: true,
  },
  rows_left: {
    spec: `
meta: {endian: le}
seq:
  - {id: rows, size: 3, type: row, repeat: expr, repeat-expr: 2}
instances:
  sum: {value: "rows[0].a + rows[1].a"}
  plus: {value: "(rows[0].a < 2 ? -1 : +1) * +rows[1].a"}
types:
  row: {seq: [{id: a, type: u1}, {id: n, type: u1}, {id: b, type: u1, if: n > 0}]}
`,
    bytes: ["010102 030104", "010009 030104", "010009 030009"],
    leaves: true,
  },
  rows_closed: {
    spec: `
meta: {endian: le}
seq:
  - {id: rows, size: 3, type: row, repeat: expr, repeat-expr: 2, -open: false}
  - {id: last, size: 2, type: closed}
instances:
  sum: {value: "rows[0].a + rows[1].a"}
types:
  row: {seq: [{id: a, type: u1}, {id: n, type: u1}, {id: b, type: u1, if: n > 0}]}
  closed: {-open: false, seq: [{id: a, type: u1}, {id: b, type: u1, if: a > 0}]}
`,
    bytes: ["010102 030104 0102"],
  },
  nothing_read: {
    spec: `
meta: {endian: le}
seq:
  - {id: flags, type: u2}
  - {id: is_wide, type: u1}
  - {id: wide, type: u4, if: is_wide == 1}
instances:
  bits: {type: bits_of(flags)}
  all: {type: "bits_of(_index)", repeat: expr, repeat-expr: 3}
  none: {size: 0}
  chosen:
    type: {switch-on: is_wide, cases: {0: bits_of(flags), 1: bits_of(wide)}}
types:
  bits_of:
    params: [{id: value, type: u4}]
    instances:
      low: {value: value & 1 != 0}
      high: {value: value & 0x8000 != 0}
`,
    bytes: ["0180 00", "0100 01 00800000"],
  },
  nothing_compared: {
    spec: `
meta: {endian: le}
seq:
  - {id: rows, type: "row(_index > 0 ? rows[_index - 1].is_double : false)", repeat: expr, repeat-expr: 4}
types:
  row:
    params: [{id: is_second, type: bool}]
    seq:
      - {id: tag, type: u1, enum: tags, if: not is_second}
      - {id: number, type: u8, if: not is_second and tag == tags::long}
    instances:
      is_double: {value: tag == tags::long}
      is_other: {value: tag != tags::long}
      is_five: {value: number == 5}
enums:
  tags: {1: short, 2: long}
`,
    bytes: ["01 02 0500000000000000 01", "01 01 01 01"],
  },
  truths_named: {
    spec: `
meta: {endian: le}
seq:
  - {id: flag, type: u1, enum: flags}
  - {id: more, type: {switch-on: flag, cases: {flags::true: one}}}
instances:
  is_set: {value: "flag == flags::true"}
types:
  one: {seq: [{id: x, type: u1}]}
enums:
  flags: {48: false, 49: true}
`,
    bytes: ["30", "31 07"],
  },
  parents_of_parents: {
    spec: `
meta: {endian: le}
seq:
  - {id: scale, type: u1}
  - {id: group, type: group}
types:
  cell: {seq: [{id: x, type: u1}], instances: {scaled: {value: x * _parent.scale}}}
  row: {seq: [{id: cells, type: cell, parent: _parent, repeat: expr, repeat-expr: 2}]}
  table: {seq: [{id: row, type: row, parent: _parent}]}
  group: {seq: [{id: table, type: table, parent: _parent}]}
`,
    bytes: ["03 0102"],
  },
};
