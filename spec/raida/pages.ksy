meta:
  id: pages
  title: Coins as a RAIDA server keeps them
  license: MIT
  endian: be
doc: |
  1,024 coins of one denomination and consecutive serial numbers, in Data/<denomination>/<page >> 8>/<page>.bin: the
  denomination as one byte in two hex digits, the page as two and four of them; the page is the serial number / 1,024.
types:
  coin_page:
    -spec: seeds/raida, storage
    seq:
      - {id: whole_coins, size: 0, valid: {expr: _io.size % 17 == 0}}
      - {id: coins, type: coin_record, repeat: expr, repeat-expr: _io.size / 17, doc: '1,024, by the last ten bits of their serial numbers.'}
  coin_record:
    -spec: seeds/raida, storage
    seq:
      - {id: an, size: 16, -secret: true, doc: Authenticity number (AN).}
      - {id: mfs, type: u1, doc: 'Month in which the number was set, from February 2023; 0 is a free coin (MFS).'}
