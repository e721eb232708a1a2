meta:
  id: kv
  title: Raft, a store of keys and values as state machine
  license: MIT
  endian: be
doc: Ours. What the store of keys and values takes, answers, and writes into snapshots.
types:
  kv_request:
    -spec: seeds/dps, Raft key-value store
    doc: A command, or a query for get and list.
    seq:
      - {id: op, type: u1, enum: kv_op, valid: {in-enum: true}}
      - {id: key_length, type: u2, valid: {max: 1024}, doc: 'Of list: of the prefix.'}
      - {id: key, size: key_length}
      - {id: reserved, type: b7, valid: 0, -default: 0}
      - {id: expects_value, type: b1, doc: 'Of cas: there must be a value, else none.'}
      - {id: expected_length, type: u4}
      - {id: expected, size: expected_length}
      - {id: value, size-eos: true, doc: Of put and cas.}
  kv_answer:
    -spec: seeds/dps, Raft key-value store
    seq:
      - {id: code, type: u1, enum: kv_code, valid: {in-enum: true}}
      - {id: value, size-eos: true, doc: 'What is there now; of a list its items.'}
  kv_item:
    -spec: seeds/dps, Raft key-value store
    doc: An item of a list, and of a snapshot.
    seq:
      - {id: key_length, type: u2}
      - {id: key, size: key_length}
      - {id: value_length, type: u4}
      - {id: value, size: value_length}
enums:
  kv_code:
    0: {id: done, doc: It is as asked.}
    1: {id: missing, doc: There is no value.}
    2: {id: different, doc: Another value is there.}
    3: {id: refused, doc: The request cannot be read.}
  kv_op:
    1: get
    2: put
    3: cas
    4: delete
    5: list
