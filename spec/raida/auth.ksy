meta:
  id: auth
  title: 'RAIDA command group 1: detect and pown coins'
  license: MIT
  endian: be
  imports: [common]
doc: Whole plaintext bodies. All-pass and all-fail are answered by a header alone.
types:
  detect_request:
    -spec: seeds/raida, command 1/10
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 18) % 21 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_an', repeat: expr, repeat-expr: (_io.size - 18) / 21, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  detect_sum_request:
    -spec: seeds/raida, command 1/11
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 34) % 5 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 34) / 5, -min: 1}
      - {id: sum, size: 16, -secret: true, doc: XOR of the coins' authenticity numbers (SU).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  pown_request:
    -spec: seeds/raida, command 1/20
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 18) % 37 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_an_pan', repeat: expr, repeat-expr: (_io.size - 18) / 37, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  pown_sum_request:
    -spec: seeds/raida, command 1/21
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 50) % 5 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 50) / 5, -min: 1}
      - {id: sum, size: 16, -secret: true, doc: XOR of the coins' authenticity numbers (SU).}
      - {id: difference, size: 16, -secret: true, doc: Every AN becomes its XOR with this (AD).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  mixed_reply:
    -spec: seeds/raida, commands 1/10, 1/20 and 2/80
    meta: {bit-endian: le}
    doc: Status 243 of detect, pown and fix.
    params:
      - {id: coin_count, type: u4, doc: Coins in the request.}
    seq:
      - {id: passed, type: b1, repeat: expr, repeat-expr: coin_count, doc: 'One bit a coin, lowest bit first (MS).'}
      - {id: trailer, contents: [0x3e, 0x3e]}
