meta: {id: reading, title: A user's format of five fields, endian: be}
seq:
  - {id: station, type: u2}
  - {id: channel, type: u1, valid: {max: 15}}
  - {id: degrees, type: s2}
  - {id: millis, type: u8, -u64: number}
  - {id: token, size: 16}
