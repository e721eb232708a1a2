meta:
  id: tlv
  title: A list of tagged values, each with its length
  endian: be
  encoding: UTF-8
seq:
  - {id: entries, type: entry, repeat: eos}
enums:
  tag:
    1: {id: name, doc: What the device is called.}
    2: {id: port, doc: Where it listens.}
    3: {id: neighbours, doc: 'Whom it hears, as a list of the same form.'}
types:
  entry:
    seq:
      - {id: tag, type: u1, enum: tag}
      - {id: length, type: u1}
      - id: body
        size: length
        type:
          switch-on: tag
          cases:
            tag::name: name
            tag::port: port
            tag::neighbours: tlv
  name:
    seq:
      - {id: text, type: str, size-eos: true}
  port:
    seq:
      - {id: number, type: u2}
