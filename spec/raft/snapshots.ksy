meta:
  id: snapshots
  title: Raft, how the bytes of a snapshot begin
  license: MIT
  endian: be
doc: |
  Ours. A snapshot is its head, its sessions by client, with a chain its backups, and the bytes of the state machine up
  to the end.
types:
  snapshot_head:
    -spec: seeds/dps, Raft snapshots
    seq:
      - {id: magic, contents: SWSN}
      - {id: version, contents: [1]}
      - {id: at_ms, type: u8, -u64: number, doc: Clock of the cluster.}
      - {id: mark_number, type: u8, -u64: number, doc: 'Last mark of a chain; 0: none.'}
      - {id: mark_index, type: u8, -u64: number}
      - {id: tip_index, type: u8, -u64: number}
      - {id: hash_length, type: u1}
      - {id: tip_hash, size: hash_length, doc: 'Empty: no chain.'}
      - {id: session_count, type: u4}
  session_record:
    -spec: seeds/dps, Raft snapshots
    doc: A session, with the results that its client has not acknowledged.
    seq:
      - {id: client, type: u8, -u64: number}
      - {id: acked_below, type: u8, -u64: number}
      - {id: last_ms, type: u8, -u64: number, doc: When it was last used.}
      - {id: result_count, type: u1}
      - {id: results, type: session_result, repeat: expr, repeat-expr: result_count, doc: 'By serial, ascending.'}
  session_result:
    seq:
      - {id: serial, type: u8, -u64: number}
      - {id: result_length, type: u4}
      - {id: result, size: result_length}
  backups_record:
    -spec: seeds/dps, Raft snapshots
    doc: What marks and notes have come to, where the head has a hash.
    seq:
      - {id: backups_length, type: u4}
      - {id: backups, size: backups_length, doc: As the chain encodes it.}
