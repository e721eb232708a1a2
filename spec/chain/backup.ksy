meta:
  id: backup
  title: Chain, backups of the state of a cluster
  license: MIT
  endian: be
doc: |
  Ours. Two entries of the log of Raft, a mark at which every member freezes its state and a note that names the block of
  it, and what such a block holds.
types:
  backup_mark:
    -spec: seeds/dps, Chain backups
    doc: 'Entry 6: every member freezes its state at the index of this entry.'
    seq:
      - {id: number, type: u8, -u64: bigint, doc: Number of the mark.}
      - {id: at_ms, type: u8, -u64: bigint, doc: Milliseconds since 1970.}
  backup_note:
    -spec: seeds/dps, Chain backups
    doc: 'Entry 7: a block of the state that was frozen at a mark.'
    seq:
      - {id: number, type: u8, -u64: bigint, doc: That of the mark.}
      - {id: at_ms, type: u8, -u64: bigint}
      - {id: member, type: u8, -u64: bigint, doc: The leader that wrote it.}
      - {id: reserved, type: b7, valid: 0, -default: 0}
      - {id: is_encrypted, type: b1}
      - {id: backup_kind, type: u1, enum: backup_kind, valid: {in-enum: true}}
      - {id: part, type: u4}
      - {id: part_count, type: u4}
      - {id: part_bytes, type: u4, doc: Bytes of the state in each part but the last.}
      - {id: state_bytes, type: u8, -u64: bigint}
      - {id: state_sha256, size: 32}
      - {id: block_index, type: u8, -u64: bigint}
      - {id: time_ns, type: s8, -u64: bigint}
      - {id: nonce, type: u8, -u64: bigint}
      - {id: iv, size: 12, doc: Zeros where nothing is encrypted.}
      - {id: hash_length, type: u1}
      - {id: hash, size: hash_length}
      - {id: prev_hash_length, type: u1}
      - {id: prev_hash, size: prev_hash_length}
      - {id: config_length, type: u4}
      - {id: config, size: config_length}
      - {id: key_count, type: u4}
      - {id: keys, size: 20, repeat: expr, repeat-expr: key_count, doc: Of chunks of files.}
      - {id: state_length, type: u4}
      - {id: state, size: state_length, doc: 'The state itself where it is short, else empty.'}
  backup_data:
    -spec: seeds/dps, Chain backups
    doc: The data of a block, before it is encrypted. Nothing in it is of one member alone.
    seq:
      - {id: magic, contents: SWBK}
      - {id: version, contents: [1]}
      - {id: backup_kind, type: u1, enum: backup_kind}
      - {id: last_index, type: u8, -u64: bigint, doc: That of the mark.}
      - {id: last_term, type: u8, -u64: bigint, doc: That of the mark.}
      - {id: at_unix_ns, type: s8, -u64: bigint, doc: That of the block.}
      - {id: config_length, type: u4}
      - {id: config, size: config_length}
      - {id: key_count, type: u4}
      - {id: keys, size: 20, repeat: expr, repeat-expr: key_count, doc: Of chunks of files.}
      - id: content
        type:
          switch-on: backup_kind
          cases:
            backup_kind::whole: whole_state
            backup_kind::part: state_part
            backup_kind::digest: state_digest
      - {id: metadata_length, type: u2}
      - {id: metadata, type: str, size: metadata_length, encoding: UTF-8, doc: JSON.}
  whole_state:
    -kind: whole
    seq:
      - {id: length, type: u4}
      - {id: state, size: length}
  state_part:
    -kind: part
    seq:
      - {id: total_bytes, type: u8, -u64: bigint}
      - {id: offset, type: u8, -u64: bigint}
      - {id: state_sha256, size: 32, doc: Of the whole state.}
      - {id: length, type: u4}
      - {id: bytes, size: length}
  state_digest:
    -kind: digest
    doc: The state itself is kept elsewhere, for example in the DHT.
    seq:
      - {id: total_bytes, type: u8, -u64: bigint}
      - {id: state_sha256, size: 32}
enums:
  backup_kind:
    1: whole
    2: part
    3: digest
