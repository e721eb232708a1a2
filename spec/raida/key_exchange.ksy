meta:
  id: key_exchange
  title: 'RAIDA command group 4: a broken server regains the key that it shares with a client'
  license: MIT
  endian: be
  imports: [common]
doc: |
  Whole plaintext bodies. A helper encrypts half of a key (command 44); the broken server takes the halves (command
  45). Both commands exist in three dialects: as the C server reads them, as the protocol's own pages have them (west),
  and as the qmail client writes them.
types:
  encryption_ticket_request:
    -spec: seeds/raida, command 4/44
    doc: As the C server reads it.
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin under whose AN the helper encrypts (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: key_part, size: 8, -secret: true, doc: Half of the key (KY).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  encryption_ticket_request_west:
    -spec: seeds/raida, contradiction 2
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin under whose AN the helper encrypts (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: key_part, size: 8, -secret: true, doc: Half of the key (KY).}
      - {id: proof, type: 'common::coin_an', doc: A coin of whoever asks.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  encryption_ticket_request_qmail:
    -spec: seeds/raida, key exchange
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: broken_id, type: u1, doc: The server that the ticket is for.}
      - {id: denomination, type: s1, doc: Coin under whose AN the helper encrypts (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: key_part, size: 8, -secret: true, doc: Half of the key (KY).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  encryption_ticket_reply:
    -spec: seeds/raida, command 4/44
    doc: Status 0; pages and clients also know 1 and 250.
    seq:
      - {id: ticket, size: 16, doc: The key ticket under the AN of the coin at the helper.}
      - {id: trailer, contents: [0x3e, 0x3e]}
  key_ticket:
    -spec: seeds/raida, command 4/44
    doc: What a ticket says, once it is decrypted.
    seq:
      - {id: key_part, size: 8, -secret: true, doc: Half of the key (KY).}
      - {id: denomination, type: s1, doc: Coin that the key is for (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: filler, size: 2, doc: Random bytes.}
      - {id: marker, contents: [0xff]}
  key_ticket_qmail:
    -spec: seeds/raida, key exchange
    seq:
      - {id: key_part, size: 8, -secret: true, doc: Half of the key (KY).}
      - {id: denomination, type: s1, doc: Coin that the key is for (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: filler, type: u1, doc: A random byte.}
      - {id: marker, contents: [0xee, 0xee]}
  key_record:
    -spec: seeds/raida, command 4/45
    doc: Half of a key, as the C server and the pages have it.
    seq:
      - {id: coin_id, type: u2, -default: 6, doc: Kind of coin (CO).}
      - {id: part, type: u1, doc: 'Which half: 0 or 1 (SP).'}
      - {id: helper_id, type: u1, doc: The server that encrypted it (DA).}
      - {id: shard_id, type: u1, -default: 0, doc: Shard (SH).}
      - {id: denomination, type: s1, doc: Coin that the key is for (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: ticket, size: 16, doc: What the helper answered.}
  key_record_qmail:
    -spec: seeds/raida, key exchange
    seq:
      - {id: helper_id, type: u1, doc: The server that encrypted it.}
      - {id: part, type: u1, doc: 'Which half: 0 or 1.'}
      - {id: key_selector, contents: [0x00]}
      - {id: ticket, size: 16, doc: What the helper answered.}
  fix_encryption_request:
    -spec: seeds/raida, command 4/45
    doc: |
      Such that the C server finds the records where it looks for them, 16 bytes late, and takes what lies behind them
      for one more, which names no helper.
    seq:
      - {id: whole_records, size: 0, valid: {expr: (_io.size - 49) % 26 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin whose file holds the numbers of the helpers (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: gap, contents: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}
      - {id: records, type: key_record, repeat: expr, repeat-expr: (_io.size - 49) / 26, -min: 1}
      - {id: filler, contents: [0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0]}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_request_west:
    -spec: seeds/raida, contradiction 3
    seq:
      - {id: whole_records, size: 0, valid: {expr: (_io.size - 23) % 26 == 0}}
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin whose file holds the numbers of the helpers (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: records, type: key_record, repeat: expr, repeat-expr: (_io.size - 23) / 26, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_request_qmail:
    -spec: seeds/raida, key exchange
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin that the key is for (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: record_count, type: u1, -min: 1, doc: Tickets that follow.}
      - {id: records, type: key_record_qmail, repeat: expr, repeat-expr: record_count, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_reply:
    -spec: seeds/raida, command 4/45
    doc: Status 250.
    seq:
      - {id: accepted, type: u1, repeat: expr, repeat-expr: _io.size - 2, doc: 'One byte a record: 1, it was taken (KA).'}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_reply_qmail:
    -spec: seeds/raida, key exchange
    doc: Without a trailer.
    seq:
      - {id: accepted, type: u1, repeat: eos, doc: 'One byte a record: 1, it was taken (KA).'}
