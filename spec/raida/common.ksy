meta:
  id: common
  title: Records that several RAIDA bodies share
  license: MIT
  endian: be
doc: Parts only; nothing on the wire is one of these alone.
types:
  coin_id:
    -columns: true
    seq:
      - {id: denomination, type: s1, doc: Power of ten of the coin's value (DN).}
      - {id: serial, type: u4, doc: Serial number (SN); a server keeps 0 to 1023999.}
  coin_an:
    -columns: true
    seq:
      - {id: denomination, type: s1, doc: DN.}
      - {id: serial, type: u4, doc: SN.}
      - {id: an, size: 16, -secret: true, doc: Authenticity number.}
  coin_an_pan:
    -columns: true
    seq:
      - {id: denomination, type: s1, doc: DN.}
      - {id: serial, type: u4, doc: SN.}
      - {id: an, size: 16, -secret: true, doc: Authenticity number now.}
      - {id: pan, size: 16, -secret: true, doc: Proposed authenticity number.}
