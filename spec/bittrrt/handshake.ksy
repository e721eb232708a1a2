meta:
  id: handshake
  title: BittrRt, what a handshake datagram holds
  license: MIT
  endian: be
doc: |
  A handshake datagram is base64url, with padding, of a Fernet token under a key that everybody knows:
  AES-128-CBC with PKCS 7 of the content, then HMAC-SHA256 of all before it.
types:
  token:
    -spec: seeds/bittrrt, handshake
    seq:
      - {id: version, contents: [0x80]}
      - {id: unix_seconds, type: u8, -u64: bigint, doc: When it was made; any time is accepted.}
      - {id: iv, size: 16}
      - {id: ciphertext, size: _io.size - 57, doc: Whole blocks of 16 bytes.}
      - {id: hmac, size: 32}
  token_content:
    -spec: seeds/bittrrt, handshake
    seq:
      - {id: counter, type: u8, -u64: bigint, doc: 'Encryptions of the sender before this one; receivers do not look.'}
      - {id: text, size-eos: true, doc: JSON in UTF-8.}
