meta:
  id: log
  title: The log of a disk that keeps pages in files
  license: MIT
  endian: be
doc: |
  What has been promised and may not be in the page files yet, in the frames of segments (segment.ksy). The first frame
  of a segment says where it goes on, each other one holds the stores that were synced together. A store is a group of
  writes that take effect together. Groups count up by one from segment to segment; those with which a later segment
  begins again were refused, and count no more.
types:
  log_begin:
    doc: The first frame of each segment.
    seq:
      - {id: kind, type: u1, valid: 1}
      - {id: first_group, type: u8, -u64: number, doc: Number of the first group in this segment.}
      - {id: previous, type: u4, doc: 'Number of the segment before; 0 for none. Segments between the two hold nothing.'}
      - {id: previous_bytes, type: u8, -u64: number, doc: Bytes of it that count; what lies behind them was refused.}
  log_commit:
    doc: Stores that were synced together.
    seq:
      - {id: kind, type: u1, valid: 2}
      - {id: first_group, type: u8, -u64: number, doc: Number of the first store.}
      - {id: records, size-eos: true, -secret: true, doc: A log_record for each write.}
  log_record:
    seq:
      - {id: length, type: u4, -derive: sizeof(write)}
      - {id: write, size: length, -secret: true, doc: A log_write.}
  log_write:
    seq:
      - {id: left, type: u2, doc: Writes of the group that follow this one; 0 completes it.}
      - {id: at, type: u4, doc: 'Where the bytes begin in the value of the key; FFFFFFFF, with no bytes, where it is removed.'}
      - {id: key_length, type: u1, -derive: sizeof(key)}
      - {id: key, type: str, encoding: ASCII, size: key_length}
      - {id: bytes, size-eos: true, -secret: true, doc: What is written there.}
