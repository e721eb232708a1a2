meta:
  id: framing
  title: What stands around the payload of a RAIDA body
  license: MIT
  endian: be
doc: |
  Encryption types 0, 1 and 2 put a challenge of 12 random bytes and its CRC-32 before the payload; what
  these types encrypt is all but the trailer. Types 4 and 5 have no challenge and put an HMAC-SHA256 of
  the ciphertext after it. The two bytes 3E 3E end every body that is not empty, always in clear.
types:
  envelope:
    -spec: seeds/raida, body framing
    seq:
      - {id: challenge, size: 12, doc: Random; proves in the response that the server read the request.}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge), doc: CRC-32 of the challenge.}
      - {id: payload, size: _io.size - 18, doc: What the command carries.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  hmac_envelope:
    -spec: seeds/raida, body framing
    seq:
      - {id: ciphertext, size: _io.size - 34, doc: AES-256-CTR of the payload.}
      - {id: hmac, size: 32, doc: HMAC-SHA256 of the ciphertext under the same key.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  reply_envelope:
    -spec: seeds/raida, body framing
    seq:
      - {id: payload, size: _io.size - 2, doc: What the command answers.}
      - {id: trailer, contents: [0x3e, 0x3e]}
