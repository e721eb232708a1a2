meta:
  id: disk
  title: DHT, what a server keeps on its disk
  license: MIT
  endian: be
doc: |
  Ours. Files of records that are appended; the last record of a value counts. The bytes of values stand in files of
  their own.
types:
  index_record:
    -spec: seeds/dps, DHT on disk
    doc: A record of `dht/index/`, in the file of the first byte of the key.
    seq:
      - {id: record_type, type: u1, enum: record_type}
      - {id: length, type: u4}
      - id: body
        size: length
        type:
          switch-on: record_type
          cases:
            record_type::put: index_put
            record_type::drop: index_drop
  index_put:
    doc: A value is held, and its bytes are stored.
    seq:
      - {id: key, size: 20}
      - {id: reserved, type: b6, valid: 0, -default: 0}
      - {id: is_own, type: b1, doc: Published here.}
      - {id: is_cached, type: b1}
      - {id: value_kind, type: u1, valid: {max: 2}, doc: As in the payloads.}
      - {id: ttl_seconds, type: u4}
      - {id: age_seconds, type: u4, doc: When the record was written.}
      - {id: at_unix_ns, type: u8, -u64: bigint, doc: When the record was written.}
      - {id: publisher, size: 20}
      - {id: data_sha256, size: 32}
      - {id: total_bytes, type: u4}
      - {id: chunk, type: indexed_chunk, if: value_kind == 2}
  indexed_chunk:
    seq:
      - {id: parent, size: 32}
      - {id: chunk_index, type: u4}
  index_drop:
    doc: A value is not held any more.
    seq:
      - {id: key, size: 20}
      - {id: data_sha256, size: 32}
  self_record:
    -spec: seeds/dps, DHT on disk
    doc: '`dht/self`, written once.'
    seq:
      - {id: version, contents: [1]}
      - {id: id, size: 20}
  contacts_record:
    -spec: seeds/dps, DHT on disk
    doc: '`dht/contacts`: whom to ask first after a restart. Nothing of it is proven any more.'
    seq:
      - {id: version, contents: [1]}
      - {id: contact_count, type: u2}
      - {id: contacts, type: kept_contact, repeat: expr, repeat-expr: contact_count}
  kept_contact:
    seq:
      - {id: id, size: 20}
      - {id: last_seen_seconds, type: u4, doc: Unix time.}
      - {id: failures, type: u1}
      - {id: address_length, type: u1}
      - {id: address, type: str, size: address_length, encoding: ASCII}
enums:
  record_type:
    1: put
    2: drop
