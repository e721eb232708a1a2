meta:
  id: locker
  title: 'RAIDA command group 8: coins under one key'
  license: MIT
  endian: be
  imports: [common]
doc: |
  Whole plaintext bodies. A locker is the coins whose AN is its key. Encryption type 2 names the key of a request by
  its first five bytes; that is how the request is encrypted, and says nothing of the locker that it is about.
types:
  store_sum_request:
    -spec: seeds/raida, command 8/82
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 50) % 5 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 50) / 5, -min: 1}
      - {id: sum, size: 16, -secret: true, doc: XOR of the coins' authenticity numbers (SU).}
      - {id: locker_key, size: 16, -secret: true, doc: 'The new AN of every coin; ends in FF FF FF FF.'}
      - {id: trailer, contents: [0x3e, 0x3e]}
  peek_request:
    -spec: seeds/raida, command 8/83
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: locker_key, size: 16, -secret: true, doc: The key of the locker to look into.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  peek_reply:
    -spec: seeds/raida, command 8/83
    seq:
      - {id: whole_coins, size: 0, valid: {expr: (_io.size - 2) % 5 == 0}}
      - {id: coins, type: 'common::coin_id', repeat: expr, repeat-expr: (_io.size - 2) / 5}
      - {id: trailer, contents: [0x3e, 0x3e]}
