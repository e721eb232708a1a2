meta:
  id: reservations
  title: What a member has used of its keys, and which messages it has opened
  license: MIT
  endian: be
doc: |
  One value of a disk holds such records behind each other, only ever appended to. Neither keys nor their ids are in them:
  a key is the SHA-256 of master SAE id, 0, slave SAE id, 0 and key id.
types:
  reservation:
    seq:
      - {id: code, type: u1, valid: {any-of: [1, 2, 3, 4, 5]}}
      - {id: record, type: ledger_record(code)}
  ledger_record:
    params:
      - {id: code, type: u1}
    seq:
      - id: entry
        type:
          switch-on: code
          cases:
            1: reserved
            2: used
            3: burnt
            4: seen
            5: taken
  reserved:
    doc: Keys that a message takes; written before their first byte is used.
    seq:
      - {id: flow_id, size: 16}
      - {id: created_ms, type: u8, -u64: number}
      - {id: num_keys, type: u2, -derive: sizeof(keys)}
      - {id: keys, size: 32, repeat: expr, repeat-expr: num_keys}
  used:
    doc: The message was handed out whole.
    seq:
      - {id: flow_id, size: 16}
  burnt:
    doc: The message was not, and its keys are lost.
    seq:
      - {id: flow_id, size: 16}
  seen:
    doc: A message that was opened.
    seq:
      - {id: flow, size: 32, doc: 'SHA-256 of the sender, 0 and the flow id.'}
      - {id: created_ms, type: u8, -u64: number}
  taken:
    doc: Keys with which a received message was opened; written before its content is released.
    seq:
      - {id: created_ms, type: u8, -u64: number}
      - {id: num_keys, type: u2, -derive: sizeof(keys)}
      - {id: keys, size: 32, repeat: expr, repeat-expr: num_keys}
