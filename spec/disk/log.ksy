meta:
  id: log
  title: The log of a disk that keeps pages in files
  license: MIT
  endian: be
doc: |
  What has been promised and may not be in the page files yet. A log file is a header and records behind each other, one
  for each write; the writes of one group bear its number and take effect together, once the last of them is there. The
  first record that is cut short or whose checksum is wrong ends the file. Groups count up by one from file to file;
  those that a later file begins with again were refused, and count no more.
types:
  log_header:
    doc: Opens a log file.
    seq:
      - {id: magic, contents: [0x53, 0x57, 0x4c, 0x47], doc: SWLG.}
      - {id: version, type: u2, valid: 1}
      - {id: first_group, type: u8, -u64: number, doc: Number of the first group in this file.}
  log_record:
    doc: A write with what tells whether it is whole.
    seq:
      - {id: length, type: u4, -derive: sizeof(write)}
      - {id: crc, type: u4, -derive: crc32(write), doc: CRC-32 of the write.}
      - {id: write, size: length, -secret: true, doc: A log_write.}
  log_write:
    seq:
      - {id: group, type: u8, -u64: number, doc: Number of the group.}
      - {id: left, type: u2, doc: Writes of the group that follow this one; 0 completes it.}
      - {id: at, type: u4, doc: Where the bytes begin in the value of the key.}
      - {id: key_length, type: u1, -derive: sizeof(key)}
      - {id: key, type: str, encoding: ASCII, size: key_length}
      - {id: bytes, size-eos: true, -secret: true, doc: What is written there.}
