meta:
  id: telemetry
  title: A made-up format with every kind of field
  endian: le
  encoding: UTF-8
seq:
  - {id: magic, contents: TLM}
  - {id: format, type: u1, enum: format, valid: {in-enum: true}, -default: 1}
  - {id: flags, type: status_bits}
  - {id: station, type: place}
  - {id: reading, type: s2, valid: {min: -400, max: 850}}
  - {id: channel_mask, type: b24be}
  - {id: stamp, type: u8, -u64: number}
  - {id: correction, type: s8, -u64: bigint}
  - {id: slots, type: u2be, repeat: expr, repeat-expr: 3}
  - {id: name_length, type: u1}
  - {id: name, type: str, size: name_length - 1, encoding: UTF-8}
  - {id: sample_count, type: u2, -derive: sizeof(samples)}
  - {id: samples, type: sample, repeat: expr, repeat-expr: sample_count, -max: 100}
  - {id: blob_crc, type: u4, -derive: crc32(blob)}
  - {id: label, type: str, size: 4, encoding: ASCII}
  - {id: blob, size-eos: true, -min: 1}
enums:
  format:
    1: first
    2: {id: second, doc: The other one.}
types:
  status_bits:
    meta: {bit-endian: be}
    seq:
      - {id: alarm, type: b1}
      - {id: level, type: b3}
      - {id: mode, type: b4, valid: {any-of: [0, 1, 9]}}
      - {id: wide, type: b12}
      - {id: low, type: b4}
  place:
    seq:
      - {id: latitude, type: s4}
      - {id: longitude, type: s4be}
  sample:
    seq:
      - {id: at, type: u4}
      - {id: value, type: s1}
      - {id: raw, size: 3, -secret: true}
      - {id: trail, contents: [0]}
  command:
    seq:
      - {id: kind_code, type: u1}
      - {id: length, type: u2}
      - id: rest
        type:
          switch-on: kind_code
          cases: {1: start, 7: stop}
  start:
    seq:
      - {id: rate, type: u2}
  stop:
    -kind: halt
    seq:
      - {id: reason, type: u1, repeat: eos, -min: 1}
  bitmap_le:
    meta: {bit-endian: le}
    params: [{id: n, type: u4}]
    seq:
      - {id: bits, type: b1, repeat: expr, repeat-expr: n}
      - {id: tail, type: u1}
  bitmap_be:
    seq:
      - {id: n, type: u1}
      - {id: bits, type: b1be, repeat: expr, repeat-expr: n}
