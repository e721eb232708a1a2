meta:
  id: messages
  title: Raft, messages in the payload of RPC
  license: MIT
  endian: be
  imports: [entries]
doc: |
  Ours. Each payload is a header and the body of its kind. Kinds 1 to 7 go between members, kinds 8 to 13 from a client,
  or from a member on behalf of one, to a member. Flags that a kind does not have are refused.
types:
  message_header:
    -spec: seeds/dps, Raft messages
    -open: true
    seq:
      - {id: version, contents: [1]}
      - {id: message_kind, type: u1, enum: message_kind, valid: {in-enum: true}}
      - {id: flags, type: u2, -display: hex, doc: 'By kind, see message_flag.'}
      - {id: cluster_id, size: 8}
      - {id: from, type: u8, -u64: number, doc: 'A member; 0: a client.'}
      - {id: to, type: u8, -u64: number, doc: 'A member; 0, of kinds 8 to 13 alone: any.'}
      - {id: term, type: u8, -u64: number, doc: 0 for kinds 8 to 13.}
      - {id: seq, type: u8, -u64: number, doc: An answer has that of its request.}
      - {id: life, type: u8, -u64: bigint, doc: 'Drawn when the disk of the sender was made; of a client 0.'}
  vote_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: last_index, type: u8, -u64: number}
      - {id: last_term, type: u8, -u64: number}
  vote_answer_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: leader, type: u8, -u64: number, doc: 0 for unknown.}
  append_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: prev_index, type: u8, -u64: number}
      - {id: prev_term, type: u8, -u64: number}
      - {id: commit, type: u8, -u64: number}
      - {id: round, type: u8, -u64: number}
      - {id: entry_count, type: u4}
      - {id: entries, type: 'entries::log_entry', repeat: expr, repeat-expr: entry_count}
  append_answer_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: index, type: u8, -u64: number, doc: 'What the member has; the prev_index that was asked where refused.'}
      - {id: hint_index, type: u8, -u64: number}
      - {id: hint_term, type: u8, -u64: number}
      - {id: round, type: u8, -u64: number}
  digest_answer_body:
    -spec: seeds/dps, Raft messages
    doc: The same with the flag digest, of a member that has frozen its state.
    seq:
      - {id: index, type: u8, -u64: number, doc: 'What the member has; the prev_index that was asked where refused.'}
      - {id: hint_index, type: u8, -u64: number}
      - {id: hint_term, type: u8, -u64: number}
      - {id: round, type: u8, -u64: number}
      - {id: mark_number, type: u8, -u64: number}
      - {id: state_sha256, size: 32}
  snapshot_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: last_index, type: u8, -u64: number}
      - {id: last_term, type: u8, -u64: number}
      - {id: total_bytes, type: u8, -u64: number}
      - {id: offset, type: u8, -u64: number}
      - {id: snapshot_sha256, size: 32, doc: Of the whole snapshot.}
      - {id: config_length, type: u4}
      - {id: config, size: config_length, doc: 'A cluster_config at offset 0, else empty.'}
      - {id: part, size-eos: true}
  snapshot_answer_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: last_index, type: u8, -u64: number}
      - {id: last_term, type: u8, -u64: number}
      - {id: next_offset, type: u8, -u64: number, doc: Bytes that the member has stored.}
  propose_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: client, type: u8, -u64: number}
      - {id: serial, type: u8, -u64: number}
      - {id: acked_below, type: u8, -u64: number}
      - {id: entry_type, type: u1, valid: {min: 3, max: 5}, doc: 'Of entries::entry_type: command, open_session or close_session.'}
      - {id: command, size-eos: true}
  read_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: mode, type: u1, enum: read_mode, valid: {in-enum: true}}
      - {id: query, size-eos: true}
  admin_body:
    -spec: seeds/dps, Raft messages
    seq:
      - {id: op, type: u1, enum: admin_op, valid: {in-enum: true}}
      - {id: member, type: u8, -u64: number, doc: 0 for none.}
      - {id: address_length, type: u1}
      - {id: address, type: str, size: address_length, encoding: ASCII}
  answer_body:
    -spec: seeds/dps, Raft messages
    doc: The answer to kinds 8, 10 and 12.
    seq:
      - {id: status, type: u1, enum: answer_status, valid: {in-enum: true}}
      - {id: index, type: u8, -u64: number}
      - {id: leader, type: u8, -u64: number}
      - {id: address_length, type: u1}
      - {id: address, type: str, size: address_length, encoding: ASCII, doc: That of the leader.}
      - {id: result, size-eos: true}
enums:
  message_kind:
    1: vote
    2: vote_answer
    3: append
    4: append_answer
    5: snapshot
    6: snapshot_answer
    7: timeout_now
    8: propose
    9: propose_answer
    10: read
    11: read_answer
    12: admin
    13: admin_answer
  message_flag:
    1: {id: first, doc: 'Pre-vote; heartbeat; last part; installed.'}
    2: {id: second, doc: 'Transfer; lost data.'}
    4: granted
    8: refused
    16: disk_trouble
    32: {id: digest, doc: The digest of a state that is frozen.}
    64: forwarded
  read_mode:
    0: read_index
    1: lease
    2: local
    3: index
  admin_op:
    1: status
    2: add_learner
    3: promote
    4: demote
    5: remove
    6: transfer
    7: snapshot
    8: backup
  answer_status:
    0: ok
    1: {id: not_leader, doc: Nothing has happened.}
    2: {id: uncertain, doc: It may happen yet.}
    3: limit
    4: session_expired
    5: pending_change
    6: argument
    7: {id: unavailable, doc: There is no leader.}
    8: timeout
