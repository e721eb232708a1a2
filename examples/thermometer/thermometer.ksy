meta:
  id: thermometer
  title: Questions to a thermometer and its answers, a datagram each
  endian: be
types:
  question:
    seq:
      - {id: magic, contents: TQ}
      - {id: number, type: u4}
      - {id: crc, type: u4, -derive: crc32()}
  answer:
    seq:
      - {id: magic, contents: TA}
      - {id: number, type: u4, doc: The number of the question.}
      - {id: tenths, type: s2, valid: {min: -2732, max: 10000}, doc: Tenths of a degree Celsius.}
      - {id: crc, type: u4, -derive: crc32()}
