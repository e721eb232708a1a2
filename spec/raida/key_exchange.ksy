meta:
  id: key_exchange
  title: 'RAIDA command group 4: a broken server regains the key that it shares with a client'
  license: MIT
  endian: be
  imports: [common, key_halves]
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
      - {id: records, type: 'key_halves::key_record', repeat: expr, repeat-expr: (_io.size - 49) / 26, -min: 1}
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
      - {id: records, type: 'key_halves::key_record', repeat: expr, repeat-expr: (_io.size - 23) / 26, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_request_qmail:
    -spec: seeds/raida, key exchange
    seq:
      - {id: challenge, size: 12, doc: Random bytes (CH).}
      - {id: challenge_crc, type: u4, -derive: crc32(challenge)}
      - {id: denomination, type: s1, doc: Coin that the key is for (DN).}
      - {id: serial, type: u4, doc: Its serial number (SN).}
      - {id: record_count, type: u1, -min: 1, doc: Tickets that follow.}
      - {id: records, type: 'key_halves::key_record_qmail', repeat: expr, repeat-expr: record_count, -min: 1}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_reply:
    -spec: seeds/raida, command 4/45
    doc: Status 250.
    seq:
      - {id: verdicts, type: u1, enum: key_verdict, valid: {in-enum: true}, repeat: expr, repeat-expr: _io.size - 2, doc: One a record (KA).}
      - {id: trailer, contents: [0x3e, 0x3e]}
  fix_encryption_reply_qmail:
    -spec: seeds/raida, key exchange
    doc: Without a trailer.
    seq:
      - {id: verdicts, type: u1, enum: key_verdict, valid: {in-enum: true}, repeat: eos, doc: One a record (KA).}
enums:
  key_verdict:
    0: {id: rejected, doc: The record does not fit its ticket.}
    1: {id: accepted, doc: The half of the key has been taken.}
