meta:
  id: header
  title: RAIDA request and response headers
  license: MIT
  endian: be
  imports: [codes]
doc: |
  Byte 16 of a request, the encryption type, decides the length of its header and of the header of the
  answer: 32 bytes for the types 0, 1 and 2, 48 bytes for every other value, known or not.
  A server answers a bad header with a status, in an order of its own; see seeds/raida/README.md.
types:
  request_header:
    -spec: seeds/raida, request header
    -forms: [reader]
    seq:
      - {id: version, type: u1, valid: 1, -default: 1, doc: Version of the routing part (VR).}
      - {id: split_id, type: u1, valid: 0, -default: 0, doc: Split id (SP).}
      - {id: raida_id, type: u1, valid: {max: 24}, doc: The server that is meant (RI).}
      - {id: shard_id, type: u1, valid: {max: 3}, -default: 0, doc: Shard (SH).}
      - {id: command_group, type: u1, enum: 'codes::command_group', doc: Command group (CG).}
      - {id: command, type: u1, doc: Command within its group (CM).}
      - {id: coin_id, type: u2, -default: 6, doc: Kind of coin (ID); CloudCoin is 6.}
      - {id: presentation_version, type: u1, -default: 0, doc: Presentation part (VR); servers ignore it.}
      - {id: application, type: u2, -default: 0, doc: Application (AP).}
      - {id: compression, type: u1, -default: 0, doc: Compression (CP).}
      - {id: translation, type: u1, -default: 0, doc: Translation (TR).}
      - {id: ai_translation, type: u1, -default: 0, doc: AI translation (AI).}
      - {id: reserved, type: u2, -default: 0, doc: Reserved (RE).}
      - {id: encryption_type, type: u1, enum: 'codes::encryption_type', -default: 0, doc: Encryption type (EN).}
      - id: tail
        type:
          switch-on: encryption_type
          cases:
            'codes::encryption_type::clear': request_tail_legacy
            'codes::encryption_type::aes128_coin': request_tail_legacy
            'codes::encryption_type::aes128_locker': request_tail_legacy
            _: request_tail_modern
  request_tail_legacy:
    -kind: legacy
    seq:
      - {id: denomination, type: s1, -default: 0, doc: 'Coin whose AN is the key (type 1), or byte 0 of a locker key (type 2).'}
      - {id: serial, type: u4, -default: 0, doc: 'Serial of that coin (type 1), or bytes 1 to 4 of a locker key (type 2).'}
      - {id: body_length, type: u2, doc: Bytes that follow the header (BL).}
      - {id: nonce, size: 8, doc: 'Nonce (NO); its last two bytes are the echo (EC), which the response repeats.'}
  request_tail_modern:
    -kind: modern
    seq:
      - {id: body_length, type: u2, doc: Bytes that follow the header (BL).}
      - {id: denomination, type: s1, -default: 0, doc: First coin whose AN makes the key.}
      - {id: serial, type: u4, -default: 0, doc: Serial of the first coin.}
      - {id: nonce, size: 24, doc: 'Bytes 0 to 15 are the initial counter block; with type 5, bytes 0 to 4 are the second coin; bytes 22 and 23 are repeated in the response.'}
  response_header_legacy:
    -spec: seeds/raida, response header
    seq:
      - {id: raida_id, type: u1, valid: {max: 24}, doc: The server that answers (RI).}
      - {id: shard_id, type: u1, -default: 0, doc: Shard (SH).}
      - {id: status, type: u1, enum: 'codes::status', doc: Outcome (SS).}
      - {id: command_group, type: u1, doc: 'Group of the request (CG); 0 when the failure came before it was read.'}
      - {id: udp_frame_count, type: u2, -default: 1, doc: Always 1 (UF).}
      - {id: echo, type: u2, doc: Bytes 30 and 31 of the request (EC).}
      - {id: reserved, type: u1, -default: 0, doc: Reserved (RE).}
      - {id: body_length, type: b24, doc: 'Bytes that follow, trailer included; 0 when there is no payload (SZ).'}
      - {id: execution_time_us, type: u4, doc: Microseconds since the server accepted the request (EX).}
      - {id: challenge_hash, size: 16, doc: 'The challenge of the request, in clear for type 0, XOR the key for types 1 and 2 (HS).'}
  response_header_modern:
    -spec: seeds/raida, response header
    seq:
      - {id: raida_id, type: u1, valid: {max: 24}, doc: The server that answers (RI).}
      - {id: shard_id, type: u1, -default: 0, doc: Shard (SH).}
      - {id: status, type: u1, enum: 'codes::status', doc: Outcome (SS).}
      - {id: command_group, type: u1, doc: Group of the request (CG).}
      - {id: execution_time_us, type: u4, doc: Microseconds since the server accepted the request (EX).}
      - {id: reserved, type: u1, -default: 0, doc: Reserved.}
      - {id: body_length, type: b24, doc: 'Bytes that follow, HMAC and trailer included; 0 when there is no payload (SZ).'}
      - {id: reserved_2, type: u4, -default: 0, doc: Reserved.}
      - {id: encryption_type, type: u1, enum: 'codes::encryption_type', doc: Encryption type of the request (EN).}
      - {id: denomination, type: s1, doc: First coin of the request.}
      - {id: serial, type: u4, doc: Serial of the first coin.}
      - {id: reserved_3, type: u2, -default: 0, doc: Reserved.}
      - {id: nonce, size: 22, doc: 'Bytes 0 to 21 of the response nonce; with type 5, bytes 0 to 4 hold the second coin instead.'}
      - {id: echo, type: u2, doc: Bytes 22 and 23 of the request's nonce (EC).}
