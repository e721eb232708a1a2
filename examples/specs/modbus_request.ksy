meta:
  id: modbus_request
  title: A request of Modbus over TCP
  endian: be
doc: MODBUS Messaging on TCP/IP V1.0b, and MODBUS Application Protocol V1.1b3.
seq:
  - {id: transaction, type: u2}
  - {id: protocol, type: u2, valid: 0}
  - {id: length, type: u2, doc: Of all that follows.}
  - {id: unit, type: u1}
  - {id: body, type: body, size: length - 1}
enums:
  function:
    1: read_coils
    2: read_discrete_inputs
    3: read_holding_registers
    4: read_input_registers
    5: write_coil
    6: write_register
    15: write_coils
    16: write_registers
types:
  body:
    seq:
      - {id: code, type: u1, enum: function}
      - id: arguments
        type:
          switch-on: code
          cases:
            function::read_coils: range
            function::read_discrete_inputs: range
            function::read_holding_registers: range
            function::read_input_registers: range
            function::write_coil: single
            function::write_register: single
            function::write_registers: registers
            _: other
  range:
    seq:
      - {id: address, type: u2}
      - {id: count, type: u2, valid: {min: 1, max: 2000}}
  single:
    seq:
      - {id: address, type: u2}
      - {id: value, type: u2}
  registers:
    seq:
      - {id: address, type: u2}
      - {id: count, type: u2, valid: {min: 1, max: 123}}
      - {id: byte_count, type: u1}
      - {id: values, type: words(count), size: byte_count}
  words:
    params:
      - {id: count, type: u2}
    seq:
      - {id: words, type: u2, repeat: expr, repeat-expr: count}
  other:
    seq:
      - {id: bytes, size-eos: true}
