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
