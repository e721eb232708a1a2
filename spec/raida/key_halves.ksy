meta:
  id: key_halves
  title: 'RAIDA command group 4: halves of a key, open and encrypted'
  license: MIT
  endian: be
doc: What a helper encrypts, and how the broken server gets it.
types:
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
