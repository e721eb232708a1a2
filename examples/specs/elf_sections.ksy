meta:
  id: elf_sections
  title: A program for a little-endian machine of 64 bits, with the sections that its header leads to
  endian: le
  encoding: ASCII
doc: System V ABI, chapter 4; `elf` has the header alone.
seq:
  - {id: magic, contents: [0x7f, E, L, F, 2, 1, 1]}
  - {id: system, type: u1}
  - {id: system_version, type: u1}
  - {id: padding, contents: [0, 0, 0, 0, 0, 0, 0]}
  - {id: file_type, type: u2}
  - {id: machine, type: u2}
  - {id: file_version, type: u4, valid: 1}
  - {id: entry, type: u8, -u64: number}
  - {id: programs_offset, type: u8, -u64: number}
  - {id: sections_offset, type: u8, -u64: number}
  - {id: flags, type: u4}
  - {id: header_bytes, type: u2, valid: 64}
  - {id: program_bytes, type: u2}
  - {id: program_count, type: u2}
  - {id: section_bytes, type: u2}
  - {id: section_count, type: u2}
  - {id: names_section, type: u2}
instances:
  sections:
    pos: sections_offset
    type: section
    size: section_bytes
    repeat: expr
    repeat-expr: section_count
  names_offset: {value: 'sections[names_section].offset', if: section_count > names_section}
types:
  section:
    seq:
      - {id: name_offset, type: u4}
      - {id: section_type, type: u4, enum: section_type}
      - {id: flags, type: u8, -u64: number}
      - {id: address, type: u8, -u64: number}
      - {id: offset, type: u8, -u64: number}
      - {id: size, type: u8, -u64: number}
      - {id: link, type: u4}
      - {id: info, type: u4}
      - {id: alignment, type: u8, -u64: number}
      - {id: entry_bytes, type: u8, -u64: number}
    instances:
      has_bytes: {value: section_type != section_type::none and section_type != section_type::no_bits}
      name: {io: _root._io, pos: _root.names_offset + name_offset, type: strz}
      body: {io: _root._io, pos: offset, size: size, if: has_bytes}
enums:
  section_type:
    0: none
    1: program
    2: symbols
    3: strings
    4: relocations_with_addends
    6: dynamic
    7: note
    8: no_bits
    11: dynamic_symbols
