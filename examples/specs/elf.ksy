meta:
  id: elf
  title: The header of a program for a little-endian machine of 64 bits
  endian: le
doc: System V ABI, chapter 4; what the header leads to is read by its offsets.
-open: true
seq:
  - {id: magic, contents: [0x7f, E, L, F]}
  - {id: class, contents: [2], doc: Of 64 bits.}
  - {id: byte_order, contents: [1], doc: Little-endian.}
  - {id: version, contents: [1]}
  - {id: system, type: u1, enum: system}
  - {id: system_version, type: u1, -default: 0}
  - {id: padding, contents: [0, 0, 0, 0, 0, 0, 0]}
  - {id: file_type, type: u2, enum: file_type}
  - {id: machine, type: u2, enum: machine}
  - {id: file_version, type: u4, valid: 1}
  - {id: entry, type: u8, -u64: number, doc: Where it starts.}
  - {id: programs_offset, type: u8, -u64: number}
  - {id: sections_offset, type: u8, -u64: number}
  - {id: flags, type: u4}
  - {id: header_bytes, type: u2, valid: 64}
  - {id: program_bytes, type: u2, doc: Of one entry of the table of programs.}
  - {id: program_count, type: u2}
  - {id: section_bytes, type: u2}
  - {id: section_count, type: u2}
  - {id: names_section, type: u2, doc: Which section has the names of all.}
enums:
  system:
    0: system_v
    3: linux
    9: free_bsd
  file_type:
    1: relocatable
    2: executable
    3: shared
    4: core
  machine:
    0: none
    62: x86_64
    183: aarch64
    243: riscv
