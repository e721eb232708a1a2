meta:
  id: entries
  title: Raft, entries of the log
  license: MIT
  endian: be
doc: |
  Ours: the upstream project names three commands and says no layout. Entries travel in messages and lie in segments of
  the log in the same form. Integers of eight bytes are at most 2^53 - 1.
types:
  log_entry:
    -spec: seeds/dps, Raft entries
    doc: One entry. Its index follows from its place.
    seq:
      - {id: term, type: u8, -u64: number}
      - {id: entry_type, type: u1, enum: entry_type, valid: {in-enum: true}}
      - {id: data_length, type: u4}
      - {id: data, size: data_length}
  cluster_config:
    -spec: seeds/dps, Raft configuration
    doc: Data of a config entry. The head is that of the whole cluster, and never changes.
    seq:
      - {id: version, contents: [1]}
      - {id: election_lo_ms, type: u4, doc: Least election timeout.}
      - {id: election_hi_ms, type: u4, doc: Greatest election timeout.}
      - {id: drift_permille, type: u2, valid: {max: 500}, doc: How much the rate of a clock may differ from true.}
      - {id: member_count, type: u2, valid: {max: 64}}
      - {id: members, type: cluster_member, repeat: expr, repeat-expr: member_count, doc: 'By member, ascending.'}
  cluster_member:
    seq:
      - {id: member, type: u8, -u64: number}
      - {id: role, type: u1, enum: member_role, valid: {in-enum: true}}
      - {id: life, type: u8, -u64: bigint, doc: 'Drawn when the disk of the member was made; 0 not known yet.'}
      - {id: node, size: 20, doc: 'Id in messages of RPC; zeros: not known yet.'}
      - {id: address_length, type: u1}
      - {id: address, type: str, size: address_length, encoding: ASCII}
  command_data:
    -spec: seeds/dps, Raft entries
    doc: Data of a command entry.
    seq:
      - {id: client, type: u8, -u64: number, doc: '0: without a session.'}
      - {id: serial, type: u8, -u64: number}
      - {id: acked_below, type: u8, -u64: number, doc: Results of lesser serials are not wanted any more.}
      - {id: at_ms, type: u8, -u64: number, doc: Clock of the cluster.}
      - {id: command, size-eos: true}
  open_session_data:
    seq:
      - {id: at_ms, type: u8, -u64: number}
  close_session_data:
    seq:
      - {id: client, type: u8, -u64: number}
      - {id: at_ms, type: u8, -u64: number}
  mark_data:
    -spec: seeds/dps, Chain backups
    doc: 'Data of a mark: every member freezes its state there.'
    seq:
      - {id: number, type: u8, -u64: number, doc: One above that of the mark before.}
      - {id: at_ms, type: u8, -u64: number}
  note_head:
    -spec: seeds/dps, Chain backups
    doc: How the data of a note begins; the rest is that of the chain.
    -open: true
    seq:
      - {id: number, type: u8, -u64: number, doc: That of the mark.}
      - {id: at_ms, type: u8, -u64: number}
enums:
  entry_type:
    1: {id: noop, doc: The first of each term.}
    2: config
    3: command
    4: open_session
    5: close_session
    6: mark
    7: note
  member_role:
    1: voter
    2: learner
