meta:
  id: coap
  title: A message of CoAP
  endian: be
doc: RFC 7252, section 3.
seq:
  - {id: version, type: b2, valid: 1}
  - {id: kind, type: b2, enum: message_kind}
  - {id: token_length, type: b4, valid: {max: 8}}
  - {id: code_class, type: b3}
  - {id: code_detail, type: b5}
  - {id: message, type: u2, doc: 'Repetitions and acknowledgements are told by it.'}
  - {id: token, size: token_length}
  - {id: options, type: option, repeat: eos, doc: 'The last one is the payload, if there is one.'}
enums:
  message_kind:
    0: confirmable
    1: non_confirmable
    2: acknowledgement
    3: reset
types:
  option:
    doc: A number above 12 goes on in one byte (13) or two (14); 15 and 15 mark the payload.
    seq:
      - {id: delta, type: b4, doc: 'Of the number of the option, to that of the option before.'}
      - {id: length, type: b4}
      - {id: delta_above_13, type: u1, if: delta == 13}
      - {id: delta_above_269, type: u2, if: delta == 14}
      - {id: length_above_13, type: u1, if: length == 13}
      - {id: length_above_269, type: u2, if: length == 14}
      - id: value
        size: 'length == 13 ? length_above_13 + 13 : (length == 14 ? length_above_269 + 269 : length)'
        if: delta != 15
      - {id: payload, size-eos: true, if: delta == 15}
