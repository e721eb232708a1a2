meta:
  id: segments
  title: Raft, what a member keeps on its disk
  license: MIT
  endian: be
  imports: [entries]
doc: |
  Ours. The log lies in segments, files of records; a record is a head and a body of its type and length. The last
  hard state counts, and the last entries of an index.
types:
  identity_record:
    -spec: seeds/dps, Raft on disk
    doc: '`raft/id`, written first and once.'
    seq:
      - {id: version, contents: [1]}
      - {id: cluster_id, size: 8}
      - {id: member, type: u8, -u64: number}
      - {id: life, type: u8, -u64: bigint, doc: Drawn when the folder is made.}
  start_record:
    -spec: seeds/dps, Raft on disk
    doc: 'A record of `raft/meta`: where a start begins. The last one counts.'
    seq:
      - {id: version, contents: [1]}
      - {id: first_segment, type: u8, -u64: number}
      - {id: key_length, type: u1}
      - {id: snapshot_key, type: str, size: key_length, encoding: ASCII, doc: 'Empty: none.'}
  record_head:
    -spec: seeds/dps, Raft on disk
    -open: true
    seq:
      - {id: record_type, type: u1, enum: record_type, valid: {in-enum: true}}
      - {id: body_length, type: u4}
  hard_body:
    -spec: seeds/dps, Raft on disk
    seq:
      - {id: hard, type: hard_state}
  hard_state:
    seq:
      - {id: term, type: u8, -u64: number}
      - {id: vote, type: u8, -u64: number}
      - {id: commit, type: u8, -u64: number}
      - {id: reserved, type: b6, valid: 0, -default: 0}
      - {id: is_behind, type: b1, doc: 'Has begun with a torn log, and not caught up since.'}
      - {id: abstain, type: b1, doc: Has lost what it had acknowledged.}
  begin_body:
    -spec: seeds/dps, Raft on disk
    doc: The first record of a segment says what the segments before it amount to.
    seq:
      - {id: segment, type: u8, -u64: number}
      - {id: prev_bytes, type: u8, -u64: number, doc: Bytes of the segment before that count.}
      - {id: prev_index, type: u8, -u64: number}
      - {id: prev_term, type: u8, -u64: number}
      - {id: hard, type: hard_state}
  entries_body:
    -spec: seeds/dps, Raft on disk
    doc: Replace all entries from the first of them on.
    seq:
      - {id: first, type: u8, -u64: number}
      - {id: entry_count, type: u4}
      - {id: entries, type: 'entries::log_entry', repeat: expr, repeat-expr: entry_count}
  mark_body:
    -spec: seeds/dps, Raft on disk
    doc: A snapshot is whole, in a file that its index, term and hash name.
    seq:
      - {id: last_index, type: u8, -u64: number}
      - {id: last_term, type: u8, -u64: number}
      - {id: size_bytes, type: u8, -u64: number}
      - {id: snapshot_sha256, size: 32}
      - {id: reserved, type: b6, valid: 0, -default: 0}
      - {id: is_own, type: b1, doc: Taken here.}
      - {id: drop_log, type: b1, doc: No entry before counts any more.}
      - {id: config, type: 'entries::cluster_config'}
enums:
  record_type:
    1: begin
    2: hard
    3: entries
    4: mark
