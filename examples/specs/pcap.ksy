meta:
  id: pcap
  title: A file of captured packets, as a little-endian machine writes it
  endian: le
doc: The format of libpcap, version 2.4, with times in microseconds.
seq:
  - {id: magic, contents: [0xd4, 0xc3, 0xb2, 0xa1]}
  - {id: version_major, type: u2, valid: 2}
  - {id: version_minor, type: u2, valid: 4}
  - {id: zone_seconds, type: s4, -default: 0}
  - {id: accuracy, type: u4, -default: 0}
  - {id: snap_length, type: u4, doc: No packet holds more bytes than this., -default: 0x40000}
  - {id: link_type, type: u4, enum: link_type}
  - {id: packets, type: packet, repeat: eos}
enums:
  link_type:
    0: loopback
    1: ethernet
    101: raw_ip
types:
  packet:
    seq:
      - {id: seconds, type: u4}
      - {id: microseconds, type: u4, valid: {max: 999999}}
      - {id: captured_length, type: u4}
      - {id: length, type: u4, doc: Of the packet on the wire; what was captured may be less.}
      - {id: data, size: captured_length}
