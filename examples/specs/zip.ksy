meta:
  id: zip
  title: An archive as ZIP writes it, from front to back
  endian: le
  encoding: UTF-8
doc: |
  APPNOTE.TXT of PKWARE, version 6.3.10, section 4.3; of archives whose entries say their sizes in front, without
  encryption and without ZIP64. Readers that look for one entry go from the end to the directory instead.
seq:
  - {id: records, type: record, repeat: until, repeat-until: _.record_type == record_type::end}
enums:
  record_type:
    0x0201: {id: directory_entry, doc: Where a file lies.}
    0x0403: {id: file, doc: A file with what it holds.}
    0x0605: {id: end, doc: The last record.}
  method:
    0: stored
    8: deflated
types:
  record:
    seq:
      - {id: magic, contents: PK}
      - {id: record_type, type: u2, enum: record_type}
      - id: body
        type:
          switch-on: record_type
          cases:
            record_type::file: file
            record_type::directory_entry: directory_entry
            record_type::end: end
  file_flags:
    seq:
      - {id: reserved_low, type: b4, -default: 0}
      - {id: sizes_follow, type: b1, valid: false, doc: Sizes would stand behind the file.}
      - {id: option, type: b2, doc: How well it was compressed.}
      - {id: is_encrypted, type: b1, valid: false}
      - {id: reserved_high, type: b4, -default: 0}
      - {id: is_utf8, type: b1, doc: 'Name and comment are UTF-8; ASCII is so anyhow.'}
      - {id: reserved_middle, type: b3, -default: 0}
  moment:
    doc: Local time, in steps of two seconds.
    seq:
      - {id: time, type: u2, doc: 'Hours from bit 11 on, minutes from bit 5 on.'}
      - {id: date, type: u2, doc: 'Years since 1980 from bit 9 on, months from bit 5 on.'}
  file:
    seq:
      - {id: version_needed, type: u2, doc: Times 10.}
      - {id: flags, type: file_flags}
      - {id: method, type: u2, enum: method}
      - {id: changed, type: moment}
      - {id: crc, type: u4, doc: Of the file before it was compressed.}
      - {id: data_bytes, type: u4}
      - {id: file_bytes, type: u4}
      - {id: name_bytes, type: u2}
      - {id: extra_bytes, type: u2}
      - {id: name, type: str, size: name_bytes}
      - {id: extra, size: extra_bytes}
      - {id: data, size: data_bytes}
  directory_entry:
    seq:
      - {id: version_made, type: u1, doc: Times 10.}
      - {id: system, type: u1, doc: '0 is FAT, 3 is Unix.'}
      - {id: version_needed, type: u2}
      - {id: flags, type: file_flags}
      - {id: method, type: u2, enum: method}
      - {id: changed, type: moment}
      - {id: crc, type: u4}
      - {id: data_bytes, type: u4}
      - {id: file_bytes, type: u4}
      - {id: name_bytes, type: u2}
      - {id: extra_bytes, type: u2}
      - {id: comment_bytes, type: u2}
      - {id: disk, type: u2, -default: 0}
      - {id: attributes, type: u2}
      - {id: system_attributes, type: u4}
      - {id: offset, type: u4, doc: Of the record of the file.}
      - {id: name, type: str, size: name_bytes}
      - {id: extra, size: extra_bytes}
      - {id: comment, type: str, size: comment_bytes}
  end:
    seq:
      - {id: disk, type: u2, -default: 0}
      - {id: directory_disk, type: u2, -default: 0}
      - {id: entries_on_disk, type: u2}
      - {id: entries, type: u2}
      - {id: directory_bytes, type: u4}
      - {id: directory_offset, type: u4}
      - {id: comment_bytes, type: u2}
      - {id: comment, type: str, size: comment_bytes}
