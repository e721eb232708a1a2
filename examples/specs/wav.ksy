meta:
  id: wav
  title: A file of sound samples, in the chunks of RIFF
  endian: le
  encoding: ASCII
doc: Multimedia Programming Interface and Data Specifications 1.0, and the format chunk of plain samples.
seq:
  - {id: magic, contents: RIFF}
  - {id: length, type: u4, doc: Of all that follows.}
  - {id: form, type: form, size: length}
types:
  form:
    seq:
      - {id: kind, contents: WAVE}
      - {id: chunks, type: chunk, repeat: eos}
  chunk:
    seq:
      - {id: name, type: str, size: 4}
      - {id: length, type: u4}
      - id: body
        size: length
        type:
          switch-on: name
          cases:
            '"fmt "': format
      - {id: padding, contents: [0], if: length % 2 == 1}
  format:
    seq:
      - {id: encoding, type: u2, enum: encoding}
      - {id: channels, type: u2, -min: 1}
      - {id: samples_per_second, type: u4}
      - {id: bytes_per_second, type: u4}
      - {id: bytes_per_frame, type: u2, doc: A sample of each channel.}
      - {id: bits_per_sample, type: u2}
      - {id: extension, size-eos: true, doc: Nothing for plain samples.}
enums:
  encoding:
    1: pcm
    3: ieee_float
    6: a_law
    7: mu_law
