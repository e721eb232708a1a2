meta:
  id: status
  title: 'RAIDA command group 0: is the server there, and which is it'
  license: MIT
  endian: be
doc: Whole plaintext bodies. An echo is answered by a header alone.
types:
  echo_request:
    -spec: seeds/raida, command 0/0
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: payload, size: _io.size - 18, doc: Anything; the server does not look.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  version_request:
    -spec: seeds/raida, command 0/1
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: payload, size: _io.size - 18, doc: Anything; the server does not look.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  version_reply:
    -spec: seeds/raida, command 0/1
    seq:
      - {id: version, type: str, size: 8, encoding: ASCII, doc: 'Release of the server as eight digits, year first.'}
      - {id: trailer, contents: [0x3e, 0x3e]}
  show_stats_request:
    -spec: seeds/raida, command 0/2
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: admin_key, size: 16, -secret: true, doc: The key of the server's administrator.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  show_stats_reply:
    -spec: seeds/raida, command 0/2
    doc: The only little-endian numbers of the protocol.
    seq:
      - {id: echoes, type: u8le, doc: Echoes answered since the start.}
      - {id: powns, type: u8le, doc: Coins powned since the start.}
      - {id: powned_value, type: u8le, doc: Their value.}
      - {id: udp_requests, type: u8le, doc: Requests that came by UDP.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  audit_request:
    -spec: seeds/raida, command 0/3
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: payload, size: _io.size - 18, doc: Anything; the server does not look.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  audit_reply:
    -spec: seeds/raida, command 0/3
    seq:
      - {id: totals, type: audit_total, repeat: expr, repeat-expr: 15, doc: 'By denomination, -8 first.'}
      - {id: trailer, contents: [0x3e, 0x3e]}
  audit_total:
    seq:
      - {id: denomination, type: s1, doc: Denomination (DN).}
      - {id: coins, type: u4, doc: Coins in use.}
  audit_total_reply:
    -spec: seeds/raida, contradiction 33
    doc: The answer that the protocol's own pages give.
    seq:
      - {id: coins_high, type: u2, doc: 'Coins in use of all denominations: the upper 16 of 48 bits.'}
      - {id: coins_low, type: u4, doc: The lower 32 bits.}
      - {id: trailer, contents: [0x3e, 0x3e]}
