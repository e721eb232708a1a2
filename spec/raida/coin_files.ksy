meta:
  id: coin_files
  title: Coins of the RAIDA on disk
  license: MIT
  endian: be
doc: A coin that somebody owns, with its number at each of the 25 servers. One coin a file.
types:
  coin_file_header:
    -spec: seeds/raida, coin files
    seq:
      - {id: format, type: u1, -default: 9, doc: '9, one coin or many without compression; the C server does not look.'}
      - {id: reserved, type: u1, -default: 1, doc: 1 in files of clients.}
      - {id: coin_id, type: u2, -default: 6, doc: Kind of coin; CloudCoin is 6 (CI).}
      - {id: experimental, type: u1, -default: 0, doc: For the application that wrote the file.}
      - {id: encryption_type, type: u1, -default: 0, doc: 'How the coins are encrypted: 0, they are not.'}
      - {id: coin_count, type: u2, -default: 1, doc: Coins in the file; the C server does not look.}
      - {id: password_hash, size: 7, doc: First bytes of the SHA-256 of the key.}
      - {id: state, type: u1, -default: 0, doc: 'Bit 0: proposed numbers follow the numbers.'}
      - {id: pown, size: 13, doc: 'What each server last said, 4 bits each, high half first; the last half says nothing (PS).'}
      - {id: task_id, size: 3, doc: For the application that wrote the file.}
  coin_file:
    -spec: seeds/raida, coin files
    doc: As the C server keeps them, 440 bytes. Denomination and serial stand in the name of the file.
    seq:
      - {id: header, type: coin_file_header}
      - {id: unknown, size: 8, doc: Nothing that we know of reads them.}
      - {id: ans, type: authenticity_number, repeat: expr, repeat-expr: 25, doc: One a server.}
  coin_file_named:
    -spec: seeds/raida, coin files
    doc: As clients keep them, 439 bytes. The file itself says which coin it is.
    seq:
      - {id: header, type: coin_file_header}
      - {id: split_id, type: u1, -default: 0, doc: Always 0 (SP).}
      - {id: shard_id, type: u1, -default: 0, doc: Shard (SH).}
      - {id: denomination, type: s1, doc: Power of ten that the coin is worth (DN).}
      - {id: serial, type: u4, doc: Serial number (SN).}
      - {id: ans, type: authenticity_number, repeat: expr, repeat-expr: 25, doc: One a server.}
  authenticity_number:
    seq:
      - {id: an, size: 16, -secret: true, doc: Authenticity number (AN).}
