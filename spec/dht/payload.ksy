meta:
  id: payload
  title: DHT, what the payload of an RPC holds
  license: MIT
  endian: be
doc: |
  Requests and answers of the DHT are messages of RPC; what their fields do not say stands in the payload. The upstream
  project has none: these layouts are ours, and an empty payload means all defaults. An ACK has the answer_status of RPC.
types:
  store_payload:
    -spec: seeds/dps, DHT payloads
    doc: Payload of STORE. The key and the value are fields of the message.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [1]}
      - {id: reserved, type: b5, valid: 0, -default: 0}
      - {id: is_part, type: b1, doc: The value of the message is a part of the whole.}
      - {id: is_final, type: b1, doc: No part follows; always set for a whole value.}
      - {id: is_cached, type: b1, doc: 'A copy near the way to the key: expires sooner, and is not stored on.'}
      - {id: value_kind, type: u1, enum: value_kind, valid: {in-enum: true}}
      - {id: ttl_seconds, type: u4, doc: From the time of publication on.}
      - {id: age_seconds, type: u4, doc: 'Since the publication, rounded up.'}
      - {id: publisher, size: 20}
      - {id: data_sha256, size: 32, doc: SHA-256 of the whole value.}
      - {id: chunk, type: chunk_place, if: value_kind == value_kind::chunk}
      - {id: part, type: part_place, if: is_part}
  find_payload:
    -spec: seeds/dps, DHT payloads
    doc: Payload of FIND_VALUE and GET.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [2]}
      - {id: reserved, type: b7, valid: 0, -default: 0}
      - {id: has_sha256, type: b1}
      - {id: offset, type: u4, doc: Where in the value the answer begins.}
      - {id: length, type: u4, doc: '0 for all that fits.'}
      - {id: data_sha256, size: 32, if: has_sha256, doc: Other values under the key are not wanted.}
  value_payload:
    -spec: seeds/dps, DHT payloads
    doc: Payload of VALUE. The key and the bytes are fields of the message.
    seq:
      - {id: version, contents: [1]}
      - {id: payload_type, contents: [3]}
      - {id: reserved, type: b6, valid: 0, -default: 0}
      - {id: is_final, type: b1, doc: The bytes reach to the end of the value.}
      - {id: is_cached, type: b1}
      - {id: total_bytes, type: u4}
      - {id: offset, type: u4}
      - {id: value_kind, type: u1, enum: value_kind, valid: {in-enum: true}}
      - {id: ttl_seconds, type: u4}
      - {id: age_seconds, type: u4}
      - {id: publisher, size: 20}
      - {id: data_sha256, size: 32}
      - {id: chunk, type: chunk_place, if: value_kind == value_kind::chunk}
  chunk_place:
    doc: Of which file a chunk is a part.
    seq:
      - {id: parent, size: 32, doc: SHA-256 of the file.}
      - {id: chunk_index, type: u4}
  part_place:
    seq:
      - {id: total_bytes, type: u4, doc: Bytes of the whole value.}
      - {id: offset, type: u4}
enums:
  value_kind:
    0: {id: opaque, doc: The key does not depend on the value.}
    1: {id: content, doc: The key is SHA-1 of the value.}
    2: {id: chunk, doc: The key is SHA-1 of the parent and the index of the chunk.}
