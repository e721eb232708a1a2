meta:
  id: mqtt
  title: A control packet of MQTT 3.1.1
  endian: be
  encoding: UTF-8
doc: OASIS, MQTT Version 3.1.1; packets other than CONNECT and PUBLISH are shown as bytes.
seq:
  - {id: packet_type, type: b4, enum: packet_type}
  - {id: duplicate, type: b1}
  - {id: qos, type: b2, valid: {max: 2}}
  - {id: retain, type: b1}
  - {id: remaining_length, type: remaining_length}
  - id: body
    size: remaining_length.value
    type:
      switch-on: packet_type
      cases:
        packet_type::connect: connect
        packet_type::publish: publish(qos)
enums:
  packet_type:
    1: connect
    2: connect_acknowledged
    3: publish
    4: publish_acknowledged
    8: subscribe
    9: subscribe_acknowledged
    12: ping
    13: pong
    14: disconnect
types:
  remaining_length:
    -varint: mqtt
    seq:
      - {id: groups, type: u1, repeat: until, repeat-until: (_ & 0x80) == 0}
    instances:
      value:
        value: >-
          (groups[0] & 0x7f)
          + (groups.size > 1 ? (groups[1] & 0x7f) << 7 : 0)
          + (groups.size > 2 ? (groups[2] & 0x7f) << 14 : 0)
          + (groups.size > 3 ? (groups[3] & 0x7f) << 21 : 0)
  text:
    seq:
      - {id: length, type: u2}
      - {id: text, type: str, size: length}
  binary:
    seq:
      - {id: length, type: u2}
      - {id: bytes, size: length}
  connect:
    seq:
      - {id: protocol, contents: [0, 4, M, Q, T, T]}
      - {id: level, type: u1, valid: 4}
      - {id: has_user, type: b1}
      - {id: has_password, type: b1}
      - {id: will_retain, type: b1}
      - {id: will_qos, type: b2, valid: {max: 2}}
      - {id: has_will, type: b1}
      - {id: clean_session, type: b1}
      - {id: reserved, type: b1, valid: false}
      - {id: keep_alive, type: u2, doc: Seconds.}
      - {id: client, type: text}
      - {id: will_topic, type: text, if: has_will}
      - {id: will_message, type: binary, if: has_will}
      - {id: user, type: text, if: has_user}
      - {id: password, type: binary, if: has_password}
  publish:
    params:
      - {id: qos, type: u1, doc: 'Above 0, the receiver acknowledges the packet by its number.'}
    seq:
      - {id: topic, type: text}
      - {id: number, type: u2, if: qos > 0}
      - {id: payload, size-eos: true}
