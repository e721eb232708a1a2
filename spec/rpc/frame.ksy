meta:
  id: frame
  title: Length-prefixed protobuf frames
  license: MIT
  endian: be
types:
  frame_u16:
    -spec: seeds/dps, framing
    doc: What the Go peers speak. A message above 65535 bytes does not fit and is refused, never truncated.
    seq:
      - {id: length, type: u2, -derive: sizeof(message)}
      - {id: message, size: length, -proto: transport.RPC}
  frame_u32:
    -spec: seeds/dps, framing
    doc: Between two peers that have agreed on it; nothing on the wire tells it from the other.
    seq:
      - {id: length, type: u4, -derive: sizeof(message)}
      - {id: message, size: length, -proto: transport.RPC}
