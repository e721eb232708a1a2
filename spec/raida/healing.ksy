meta:
  id: healing
  title: 'RAIDA command group 2: tickets, find and fix'
  license: MIT
  endian: be
  imports: [common]
doc: Whole plaintext bodies. The mixed answer of fix is `mixed_reply` of auth.
types:
  get_ticket_request:
    -spec: seeds/raida, command 2/40
    -forms: [reader, view, length]
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 18) % 21 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_an', repeat: expr, repeat-expr: (_io.size - 18) / 21, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  get_ticket_reply:
    -spec: seeds/raida, command 2/40
    doc: Status 241.
    seq:
      - {id: ticket, type: u4, doc: Names the coins that passed (MT).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  get_ticket_mixed_reply:
    -spec: seeds/raida, command 2/40
    meta: {bit-endian: le}
    doc: Status 243.
    params:
      - {id: coin_count, type: u4, doc: Coins in the request.}
    seq:
      - {id: passed, type: b1, repeat: expr, repeat-expr: coin_count, doc: 'One bit a coin, lowest bit first (MS).'}
      - {id: ticket, type: u4, doc: Names the coins that passed (MT).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  validate_ticket_request:
    -spec: seeds/raida, command 2/50
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: claimer_id, type: u1, valid: {max: 24}, doc: The RAIDA server that claims (RI).}
      - {id: ticket, type: u4, doc: The ticket (MT).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  validate_ticket_reply:
    -spec: seeds/raida, command 2/50
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 2) % 5 == 0}}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 2) / 5}
      - {id: trailer, contents: [0x3e, 0x3e]}
  find_request:
    -spec: seeds/raida, command 2/60
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 18) % 37 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_an_pan', repeat: expr, repeat-expr: (_io.size - 18) / 37, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  find_mixed_reply:
    -spec: seeds/raida, command 2/60
    doc: Status 211.
    seq:
      - {id: results, type: u1, enum: find_result, valid: {in-enum: true}, repeat: expr, repeat-expr: _io.size - 2}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_request:
    -spec: seeds/raida, command 2/80
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 134) % 5 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 134) / 5, -min: 1}
      - {id: pan_generator, size: 16, -secret: true, doc: 'The new AN is MD5(raida id, DN, SN, this); a different one for every server (PG).'}
      - {id: tickets, type: u4, repeat: expr, repeat-expr: 25, doc: 'One ticket a server, 0 where there is none (MT).'}
      - {id: trailer, contents: [0x3e, 0x3e]}
enums:
  find_result:
    0: {id: neither, doc: Neither number is authentic.}
    1: {id: an, doc: The authenticity number is authentic.}
    2: {id: pan, doc: The proposed number is authentic.}
