meta:
  id: nmea
  title: A sentence of NMEA 0183, a line of text
  encoding: ASCII
doc: What receivers of satellite navigation say; the fields of each kind of sentence have a meaning of their own.
seq:
  - {id: start, contents: $}
  - {id: talker, type: str, size: 2, doc: 'GP for GPS, GN for several systems together.'}
  - {id: sentence, type: str, size: 3, doc: 'GGA for a fix, RMC for the least that is recommended.'}
  - {id: comma, contents: ','}
  - {id: body, type: body, terminator: 0x2a}
  - {id: checksum, type: str, size: 2, doc: 'All characters after the first up to the star, each with XOR.'}
  - {id: line_end, contents: [13, 10]}
instances:
  checksum_value: {value: checksum.to_i(16)}
types:
  body:
    seq:
      - {id: fields, type: str, terminator: 0x2c, eos-error: false, repeat: eos}
    instances:
      field_count: {value: fields.size}
