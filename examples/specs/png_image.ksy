meta:
  id: png_image
  title: An image as PNG writes it, with the places and the meaning of its first chunks
  endian: be
  encoding: ASCII
doc: ISO/IEC 15948, sections 5 and 11; `png` has the checksums of the same.
seq:
  - {id: signature, contents: [0x89, P, N, G, 13, 10, 26, 10]}
  - {id: chunks, type: chunk, repeat: until, repeat-until: _.name == "IEND"}
instances:
  header: {value: chunks.first.body.as<header>}
  bits_per_pixel: {value: header.bits * header.channels}
  row_bytes: {value: (header.width * bits_per_pixel + 7) / 8}
  width_again: {pos: 16, type: u4, doc: Where programs look for it that read no chunks.}
types:
  chunk:
    seq:
      - {id: length, type: u4, valid: {max: 0x7fffffff}}
      - {id: name, type: str, size: 4}
      - id: body
        size: length
        type:
          switch-on: name
          cases:
            '"IHDR"': header
            '"PLTE"': palette
            '"gAMA"': gamma
            '"tEXt"': text
      - {id: crc, type: u4}
  header:
    seq:
      - {id: width, type: u4, valid: {min: 1}}
      - {id: height, type: u4, valid: {min: 1}}
      - {id: bits, type: u1, valid: {any-of: [1, 2, 4, 8, 16]}}
      - {id: color, type: u1, enum: color, valid: {in-enum: true}}
      - {id: compression, type: u1, valid: 0}
      - {id: filter, type: u1, valid: 0}
      - {id: is_interlaced, type: u1, valid: {max: 1}}
    instances:
      channels: {value: 'color == color::rgb ? 3 : color == color::rgb_alpha ? 4 : color == color::gray_alpha ? 2 : 1'}
  palette:
    seq:
      - {id: colors, type: rgb, repeat: eos}
  rgb:
    seq:
      - {id: red, type: u1}
      - {id: green, type: u1}
      - {id: blue, type: u1}
  gamma:
    seq:
      - {id: times_100000, type: u4}
    instances:
      ratio: {value: times_100000 / 100000.0}
  text:
    seq:
      - {id: keyword, type: strz, encoding: ISO-8859-1}
      - {id: text, type: str, size-eos: true, encoding: ISO-8859-1}
enums:
  color:
    0: gray
    2: rgb
    3: indexed
    4: gray_alpha
    6: rgb_alpha
