meta:
  id: frame
  title: BittrRt, what a sealed datagram holds
  license: MIT
  endian: be
doc: |
  A datagram is nonce 12, ChaCha20-Poly1305 of header and plaintext, tag 16; these are the headers and
  payloads inside. The two headers cannot be told apart on the wire: the peer must be known.
types:
  frame_header:
    -spec: seeds/bittrrt, sealed frame
    -columns: true
    -forms: [reader, view]
    doc: Header of versions 0.7 and 0.8.
    seq:
      - {id: flags, type: u1, -default: 0, doc: 'Bit positions: urgent 0, heartbeat 1, flow control 2, unlossy 3, binary 4, data 5, ack 6.'}
      - {id: channel, type: b24, -default: 0}
      - {id: sequence, type: u8, -u64: number, -default: 0, doc: A message number; in a heartbeat the echoes that are left.}
      - {id: offset, type: u8, -u64: number, -default: 0}
  legacy_frame_header:
    -spec: seeds/bittrrt, old header
    -columns: true
    -forms: [view]
    doc: Header of version 0.6, without flags.
    seq:
      - {id: channel, type: u4, -default: 0}
      - {id: sequence, type: u8, -u64: number, -default: 0}
      - {id: offset, type: u8, -u64: number, -default: 0}
  heartbeat:
    -spec: seeds/bittrrt, heartbeat
    doc: The stamps of client and server in turn, each appended by its sender.
    seq:
      - {id: stamps_ms, type: u8, -u64: number, repeat: eos, doc: Milliseconds since 1970-01-01 UTC.}
  sequence_spans:
    -spec: seeds/bittrrt, sequence spans
    doc: Ranges of sequence numbers, sorted by their begin.
    seq:
      - {id: span_count, type: u4}
      - {id: spans, type: sequence_span, repeat: expr, repeat-expr: span_count}
  sequence_span:
    seq:
      - {id: begin, type: u8, -u64: number, doc: First number of the span.}
      - {id: end, type: u8, -u64: number, doc: 'Last number of the span, as the reference counts.'}
