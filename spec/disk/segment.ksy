meta:
  id: segment
  title: Files of a log that are only ever written at their end
  license: MIT
  endian: be
doc: |
  A segment is one sector of 512 bytes, the header, and frames behind each other, each at a multiple of 16 bytes. A frame
  is its header and `length` bytes, with one stamp A5 (not counted) at the beginning of each further sector of the file
  that it goes on into, and zeros up to the next multiple of 16. One frame is written and synced before the next begins. So
  no sector of a whole frame is all zero, and a sector of the last one that is was never written.
types:
  segment_header:
    doc: The first sector, written and synced before anything else.
    seq:
      - {id: magic, contents: [0x53, 0x57, 0x53, 0x31], doc: SWS1.}
      - {id: version, type: u1, valid: 1}
      - {id: key_length, type: u2, -derive: sizeof(key)}
      - {id: key, type: str, encoding: ASCII, size: key_length, doc: What the segment is called.}
      - {id: salt, size: 8, doc: Drawn for each segment.}
      - {id: crc, type: u4, doc: CRC-32 of all bytes before it.}
      - {id: fill, size-eos: true, doc: FF up to the end of the sector.}
  frame_header:
    doc: Opens a frame; it never crosses the border of a sector.
    seq:
      - {id: magic, contents: [0x53, 0x57, 0x53, 0x47], doc: SWSG.}
      - {id: length, type: u4, doc: 'Bytes, without stamps.'}
      - {id: header_crc, type: u4, doc: 'CRC-32 of the salt, the place of the frame in the file as u8, and the 8 bytes before: in other bytes there is no header.'}
      - {id: bytes_crc, type: u4, doc: 'CRC-32 of the bytes, without stamps.'}
