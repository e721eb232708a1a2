meta:
  id: envelope_headers
  title: What stands in front of the content of an envelope
  license: MIT
  endian: be
doc: |
  A prefix in clear, its tag, and at the levels 3 and 4 a signature of both. The level decides what the prefix ends with,
  and the sizes of tag and signature. What they are made of, and the order in which they are checked, is told in
  src/protocols/qkd/levels/README.md.
types:
  envelope_header:
    seq:
      - {id: magic, contents: SWQM}
      - {id: version, type: u1, valid: 2}
      - {id: level, type: u1, valid: {min: 1, max: 4}, doc: '1 one-time pad, 2 AES-256-GCM, 3 ML-KEM-1024 with ML-DSA-87, 4 RSA-4096.'}
      - {id: flags, type: u1, valid: {max: 1}, -default: 0, doc: Bit 0 where keys of a quantum link are mixed in at level 3 or 4.}
      - {id: chunk_log2, type: u1, valid: {min: 12, max: 20}, -default: 16, doc: Size of a full chunk as a power of two.}
      - {id: len_prefix, type: u4, valid: {max: 0x100000}, -derive: sizeof(fields) + 12, doc: 'Bytes in front of the tag, these included.'}
      - {id: fields, type: header_fields(level), size: len_prefix - 12}
      - {id: header_tag, size: 'level == 1 ? 16 : 32', doc: 'Of all bytes before it: Poly1305 at level 1, else HMAC-SHA256.'}
      - id: signature
        size: 'level == 3 ? 4627 : level == 4 ? 512 : 0'
        doc: Of all bytes before it; ML-DSA-87 at level 3, RSA-PSS at level 4, none below.
  header_fields:
    params:
      - {id: level, type: u1}
    seq:
      - {id: flow_id, size: 16, doc: Random; no two envelopes of a sender have the same.}
      - {id: created_ms, type: u8, -u64: number, doc: Milliseconds since 1970 in UTC.}
      - {id: len_sender, type: u1, valid: {min: 1}, -derive: sizeof(sender)}
      - {id: sender, type: str, encoding: UTF-8, size: len_sender}
      - {id: len_recipient, type: u1, valid: {min: 1}, -derive: sizeof(recipient)}
      - {id: recipient, type: str, encoding: UTF-8, size: len_recipient}
      - {id: len_master_sae, type: u1, -derive: sizeof(master_sae)}
      - {id: master_sae, type: str, encoding: UTF-8, size: len_master_sae, doc: Whom the recipient names when it fetches the keys; empty without keys.}
      - {id: len_slave_sae, type: u1, -derive: sizeof(slave_sae)}
      - {id: slave_sae, type: str, encoding: UTF-8, size: len_slave_sae, doc: The recipient's own SAE id; empty without keys.}
      - {id: len_kme_id, type: u1, -derive: sizeof(kme_id)}
      - {id: kme_id, type: str, encoding: UTF-8, size: len_kme_id, doc: Where the keys come from; may be empty.}
      - {id: num_keys, type: u2, valid: {max: 16384}, -derive: sizeof(keys)}
      - {id: keys, type: key_name, repeat: expr, repeat-expr: num_keys, doc: In the order in which their bytes are joined.}
      - id: parameters
        type:
          switch-on: level
          cases:
            1: pad_parameters
            2: cipher_parameters
            3: kem_parameters
            4: rsa_parameters
  key_name:
    seq:
      - {id: len_key_id, type: u1, valid: {min: 1}, -derive: sizeof(key_id)}
      - {id: key_id, type: str, encoding: ASCII, size: len_key_id}
      - {id: key_bytes, type: u2, valid: {min: 1}, doc: Length of the key.}
  pad_parameters:
    -kind: pad
    seq:
      - {id: content_bytes, type: u8, -u64: number, doc: Length of the content.}
  cipher_parameters:
    -kind: cipher
    seq:
      - {id: salt, size: 32}
  kem_parameters:
    -kind: kem
    seq:
      - {id: salt, size: 32}
      - {id: sender_fingerprint, size: 32, doc: SHA-256 of the sender's ML-DSA-87 public key.}
      - {id: recipient_fingerprint, size: 32, doc: SHA-256 of the recipient's ML-KEM-1024 public key.}
      - {id: kem_ciphertext, size: 1568}
  rsa_parameters:
    -kind: rsa
    seq:
      - {id: salt, size: 32}
      - {id: sender_fingerprint, size: 32, doc: SHA-256 of the sender's public key for signatures as SPKI DER.}
      - {id: recipient_fingerprint, size: 32, doc: SHA-256 of the recipient's public key for encryption as SPKI DER.}
      - {id: wrapped_key, size: 512, doc: A session key of 32 bytes under RSA-OAEP.}
