meta:
  id: dns
  title: A message of the domain name system
  endian: be
  encoding: ASCII
doc: RFC 1035, section 4.
seq:
  - {id: transaction, type: u2}
  - {id: flags, type: flags}
  - {id: question_count, type: u2}
  - {id: answer_count, type: u2}
  - {id: authority_count, type: u2}
  - {id: additional_count, type: u2}
  - {id: questions, type: question, repeat: expr, repeat-expr: question_count}
  - {id: answers, type: record, repeat: expr, repeat-expr: answer_count}
  - {id: authorities, type: record, repeat: expr, repeat-expr: authority_count}
  - {id: additionals, type: record, repeat: expr, repeat-expr: additional_count}
enums:
  label_form:
    0: text
    3: {id: pointer, doc: To an earlier name in the message.}
  record_type:
    1: {id: a, doc: An IPv4 address.}
    2: {id: ns, doc: A name server.}
    5: {id: cname, doc: The name that another stands for.}
    15: {id: mx, doc: Where mail goes.}
    16: {id: txt, doc: Texts.}
    28: {id: aaaa, doc: An IPv6 address.}
  response_code:
    0: ok
    1: format_error
    2: server_failure
    3: no_such_name
    4: not_implemented
    5: refused
types:
  flags:
    seq:
      - {id: is_response, type: b1}
      - {id: opcode, type: b4}
      - {id: is_authoritative, type: b1}
      - {id: is_truncated, type: b1}
      - {id: wants_recursion, type: b1}
      - {id: has_recursion, type: b1}
      - {id: reserved, type: b3, -default: 0}
      - {id: response_code, type: b4, enum: response_code}
  name:
    doc: Labels up to an empty one, or up to a pointer to where the name goes on.
    seq:
      - {id: labels, type: label, repeat: until, repeat-until: _.length == 0 or _.form == label_form::pointer}
  label:
    seq:
      - {id: form, type: b2, enum: label_form, valid: {in-enum: true}}
      - {id: length, type: b6, doc: 'Of the text; of a pointer the highest bits.'}
      - {id: offset, type: u1, doc: The lowest bits of a pointer., if: form == label_form::pointer}
      - {id: text, type: str, size: length, if: form == label_form::text}
  question:
    seq:
      - {id: name, type: name}
      - {id: type, type: u2, enum: record_type}
      - {id: domain, type: u2, -default: 1}
  record:
    seq:
      - {id: name, type: name}
      - {id: type, type: u2, enum: record_type}
      - {id: domain, type: u2, -default: 1}
      - {id: ttl, type: u4, doc: Seconds.}
      - {id: data_length, type: u2}
      - id: data
        size: data_length
        type:
          switch-on: type
          cases:
            record_type::a: ipv4
            record_type::aaaa: ipv6
            record_type::ns: name
            record_type::cname: name
            record_type::mx: exchange
  ipv4:
    seq:
      - {id: address, size: 4}
  ipv6:
    seq:
      - {id: address, size: 16}
  exchange:
    seq:
      - {id: preference, type: u2}
      - {id: name, type: name}
