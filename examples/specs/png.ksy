meta:
  id: png
  title: An image as PNG writes it, in chunks
  endian: be
  encoding: ASCII
doc: ISO/IEC 15948, section 5; what is in the chunks is shown as bytes.
seq:
  - {id: signature, contents: [0x89, P, N, G, 13, 10, 26, 10]}
  - {id: chunks, type: chunk, repeat: until, repeat-until: _.name == "IEND"}
types:
  chunk:
    seq:
      - {id: length, type: u4, valid: {max: 0x7fffffff}}
      - {id: name, type: str, size: 4}
      - {id: body, size: length}
      - {id: crc, type: u4, -derive: 'crc32(name, body)', doc: 'Of name and body, not of the length.'}
