meta:
  id: files
  title: DPS, the records of files as state machine
  license: MIT
  endian: be
doc: Ours. What the state machine of files takes and answers, and what it writes into snapshots.
types:
  file_command:
    -spec: seeds/dps, Records of files
    doc: A command. A record that is too long for one entry comes in pages, before its head.
    seq:
      - {id: op, type: u1, enum: file_op, valid: {in-enum: true}}
      - {id: file_hash, size: 32, doc: SHA-256 of the file; of expire zeros.}
      - {id: reserved, type: b7, valid: 0, -default: 0}
      - {id: expects_revision, type: b1, doc: 'The record must have this revision; 0 for none.'}
      - {id: revision, type: u8, -u64: number}
      - {id: ttl_seconds, type: u8, -u64: number, doc: 'Of put and touch: from the clock of the entry on; 0 for ever.'}
      - {id: record_sha256, size: 32, doc: 'Of put and page: of the whole record.'}
      - {id: page, type: u4, doc: 'Of page: its number; of put: how many pages came before.'}
      - {id: head_length, type: u4}
      - {id: head, size: head_length, doc: 'Of put: the record up to its references.'}
      - {id: references, size-eos: true, doc: 'Of page, and of put without pages.'}
  file_query:
    -spec: seeds/dps, Records of files
    seq:
      - {id: op, type: u1, enum: file_query_op, valid: {in-enum: true}}
      - {id: file_hash, size: 32, doc: 'Of list: the last one of the list before, else zeros.'}
      - {id: count, type: u4, doc: 'Of page: its number; of list: how many files at most.'}
      - {id: prefix, size-eos: true, doc: 'Of list: how the names begin, UTF-8.'}
  file_answer:
    -spec: seeds/dps, Records of files
    seq:
      - {id: code, type: u1, enum: file_code, valid: {in-enum: true}}
      - {id: revision, type: u8, -u64: number, doc: 'Of the record; 0 for none.'}
      - {id: expires_ms, type: u8, -u64: number, doc: 'On the clock of the cluster; 0 for never.'}
      - {id: ttl_seconds, type: u8, -u64: number}
      - {id: page_count, type: u4, doc: 'Pages that have to be asked for.'}
      - {id: body, size-eos: true, doc: 'Of get: the head, and the references unless there are pages; of page: these.'}
  file_item:
    -spec: seeds/dps, Records of files
    doc: A file of a list.
    seq:
      - {id: file_hash, size: 32}
      - {id: revision, type: u8, -u64: number}
      - {id: expires_ms, type: u8, -u64: number}
      - {id: ttl_seconds, type: u8, -u64: number}
      - {id: head_length, type: u4}
      - {id: head, size: head_length}
  file_state:
    -spec: seeds/dps, Records of files
    doc: 'A part of a snapshot: the clock, then each record with its pages behind it, then pages without a record.'
    seq:
      - {id: part, type: u1, enum: file_state_kind, valid: {in-enum: true}}
      - {id: file_hash, size: 32}
      - {id: record_sha256, size: 32}
      - {id: revision, type: u8, -u64: number}
      - {id: expires_ms, type: u8, -u64: number, doc: 'Of clock: what it says.'}
      - {id: ttl_seconds, type: u8, -u64: number}
      - {id: page, type: u4, doc: 'Of page: its number; else how many come behind.'}
      - {id: length, type: u4}
      - {id: text, size: length, doc: 'Of file: the head; of page: references.'}
enums:
  file_op:
    1: put
    2: page
    3: delete
    4: touch
    5: expire
  file_query_op:
    1: get
    2: page
    3: list
  file_code:
    0: {id: done, doc: It is as asked.}
    1: {id: missing, doc: 'There is no record, or a page of it has not come.'}
    2: {id: different, doc: The record has another revision.}
    3: {id: refused, doc: The request cannot be read.}
    4: {id: full, doc: A limit of the state does not allow it.}
  file_state_kind:
    0: clock
    1: file
    2: staged
    3: page
