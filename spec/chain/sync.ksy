meta:
  id: sync
  title: Chain, what members ask each other for
  license: MIT
  endian: be
doc: |
  Ours. Payloads of GET and VALUE of the protocol Raft, by which a member fetches the blocks that it lacks.
types:
  sync_request:
    -spec: seeds/dps, Chain sync
    doc: Payload of GET.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [0x20]}
      - {id: from_index, type: u8, -u64: bigint}
      - {id: block_count_max, type: u4}
  sync_answer:
    -spec: seeds/dps, Chain sync
    doc: Payload of VALUE. As many whole blocks as fit; none where the chain ends before.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [0x21]}
      - {id: block_count, type: u4}
      - {id: blocks, type: sync_block, repeat: expr, repeat-expr: block_count}
  sync_block:
    seq:
      - {id: length, type: u4}
      - {id: record, size: length, doc: 'A block as it stands in the file, with type and length.'}
  piece_request:
    -spec: seeds/dps, Chain sync
    doc: Payload of GET, for a block that fits in no answer.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [0x22]}
      - {id: index, type: u8, -u64: bigint}
      - {id: offset, type: u4}
      - {id: length, type: u4}
  piece_answer:
    -spec: seeds/dps, Chain sync
    doc: Payload of VALUE. A part of the record of a block.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [0x23]}
      - {id: total_bytes, type: u4}
      - {id: offset, type: u4}
      - {id: bytes, size-eos: true}
