meta:
  id: modbus_response
  title: A response of Modbus over TCP
  endian: be
doc: MODBUS Messaging on TCP/IP V1.0b, and MODBUS Application Protocol V1.1b3.
seq:
  - {id: transaction, type: u2}
  - {id: protocol, type: u2, valid: 0}
  - {id: length, type: u2, doc: Of all that follows.}
  - {id: unit, type: u1}
  - {id: body, type: body, size: length - 1}
enums:
  exception_code:
    1: illegal_function
    2: illegal_data_address
    3: illegal_data_value
    4: server_device_failure
    6: server_device_busy
types:
  body:
    seq:
      - {id: is_exception, type: b1}
      - {id: code, type: b7}
      - id: result
        type: exception
        if: is_exception
      - id: data
        type:
          switch-on: code
          cases:
            1: bits
            2: bits
            3: registers
            4: registers
            5: echo
            6: echo
            15: echo
            16: echo
            _: other
        if: not is_exception
  exception:
    seq:
      - {id: code, type: u1, enum: exception_code}
  bits:
    seq:
      - {id: byte_count, type: u1}
      - {id: bytes, size: byte_count}
  registers:
    seq:
      - {id: byte_count, type: u1}
      - {id: words, type: words, size: byte_count}
  words:
    seq:
      - {id: words, type: u2, repeat: eos}
  echo:
    doc: What the request said, the values of several left away.
    seq:
      - {id: address, type: u2}
      - {id: value, type: u2}
  other:
    seq:
      - {id: bytes, size-eos: true}
