meta:
  id: records
  title: Chain, the records of a file
  license: MIT
  endian: be
doc: |
  Ours. A file of a chain is a sequence of records that are appended: a header, then blocks in their order, with an index
  behind each 1,024 of them. Members of a cluster have the same records, byte for byte.
types:
  chain_record:
    -spec: seeds/dps, Chain on disk
    seq:
      - {id: record_type, type: u1, enum: record_type}
      - {id: length, type: u4}
      - id: body
        size: length
        type:
          switch-on: record_type
          cases:
            record_type::header: chain_header
            record_type::block: block_record
            record_type::index: block_index
  chain_header:
    -kind: header
    doc: The first record, once.
    seq:
      - {id: magic, contents: SWC1}
      - {id: version, contents: [1]}
      - {id: hash_kind, type: u1, enum: hash_kind, valid: {in-enum: true}}
      - {id: type_id_base, type: u1, doc: Id of the type Block in gob; 0 for the canonical hash.}
      - {id: hash_bytes, type: u1}
      - {id: chain_id, size: 16, doc: The first bytes of the hash of the first block.}
  block_record:
    -kind: block
    doc: A block.
    seq:
      - {id: version, contents: [1]}
      - {id: reserved, type: b6, valid: 0, -default: 0}
      - {id: is_note, type: b1, doc: A backup that a note of the log tells of.}
      - {id: is_encrypted, type: b1}
      - {id: index, type: u8, -u64: bigint}
      - {id: time_ns, type: s8, -u64: bigint}
      - {id: nonce, type: u8, -u64: bigint}
      - {id: hash_length, type: u1}
      - {id: hash, size: hash_length}
      - {id: prev_hash_length, type: u1}
      - {id: prev_hash, size: prev_hash_length}
      - {id: data_hash_length, type: u1}
      - {id: data_hash, size: data_hash_length}
      - {id: iv_length, type: u1}
      - {id: iv, size: iv_length}
      - {id: data_length, type: u4}
      - {id: data, size: data_length, -max: 0x1000000}
  block_index:
    -kind: index
    doc: Where blocks stand. It is rebuilt where it is missing.
    seq:
      - {id: first, type: u8, -u64: bigint, doc: Index of the first block.}
      - {id: entry_count, type: u4}
      - {id: entries, type: index_entry, repeat: expr, repeat-expr: entry_count}
  index_entry:
    seq:
      - {id: offset, type: u8, -u64: bigint, doc: 'In the records, not in the file.'}
      - {id: hash, size: 8, doc: The first bytes of the hash.}
enums:
  record_type:
    1: header
    2: block
    3: index
  hash_kind:
    1: {id: gob, doc: As Go makes it.}
    2: {id: canonical, doc: Ours.}
