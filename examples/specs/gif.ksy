meta:
  id: gif
  title: An image as GIF writes it
  endian: le
  encoding: ASCII
doc: Graphics Interchange Format, version 89a; the pixels stay compressed.
seq:
  - {id: magic, contents: GIF}
  - {id: version, type: str, size: 3}
  - {id: width, type: u2}
  - {id: height, type: u2}
  - {id: has_palette, type: b1}
  - {id: color_bits, type: b3, doc: 'Of a primary color in the original, less one.'}
  - {id: is_sorted, type: b1}
  - {id: palette_bits, type: b3, doc: The palette has 2 to the power of this and one colors.}
  - {id: background, type: u1, doc: Its place in the palette.}
  - {id: aspect_ratio, type: u1, -default: 0}
  - {id: palette, type: color, repeat: expr, repeat-expr: 2 << palette_bits, if: has_palette}
  - {id: blocks, type: block, repeat: until, repeat-until: _.block_type == block_type::end}
enums:
  block_type:
    0x21: extension
    0x2c: image
    0x3b: end
types:
  color:
    seq:
      - {id: red, type: u1}
      - {id: green, type: u1}
      - {id: blue, type: u1}
  block:
    seq:
      - {id: block_type, type: u1, enum: block_type, valid: {in-enum: true}}
      - id: body
        type:
          switch-on: block_type
          cases:
            block_type::extension: extension
            block_type::image: image
            block_type::end: end
  extension:
    seq:
      - {id: label, type: u1, doc: '0xf9 controls the next image, 0xfe is a comment.'}
      - {id: parts, type: part, repeat: until, repeat-until: _.length == 0}
  image:
    seq:
      - {id: left, type: u2}
      - {id: top, type: u2}
      - {id: width, type: u2}
      - {id: height, type: u2}
      - {id: has_palette, type: b1}
      - {id: is_interlaced, type: b1}
      - {id: is_sorted, type: b1}
      - {id: reserved, type: b2, -default: 0}
      - {id: palette_bits, type: b3}
      - {id: palette, type: color, repeat: expr, repeat-expr: 2 << palette_bits, if: has_palette}
      - {id: code_bits, type: u1, valid: {min: 2, max: 8}}
      - {id: parts, type: part, repeat: until, repeat-until: _.length == 0}
  end:
    seq: []
  part:
    doc: Bytes in runs of up to 255; an empty one ends them.
    seq:
      - {id: length, type: u1}
      - {id: bytes, size: length}
