meta:
  id: envelopes
  title: The envelope of a message, sealed at one of four levels with keys of a quantum link
  license: MIT
  endian: be
  imports: [envelope_headers]
doc: |
  A header in clear and the content in chunks. Every chunk but the last is full, the last alone may be empty if it is the
  only one, and nothing follows it.
types:
  envelope:
    seq:
      - {id: header, type: 'envelope_headers::envelope_header'}
      - {id: chunks, type: chunk, repeat: eos, -min: 1}
  chunk:
    seq:
      - {id: is_last, type: b1}
      - {id: len_ciphertext, type: b31}
      - {id: ciphertext, size: len_ciphertext}
      - {id: tag, size: 16}
