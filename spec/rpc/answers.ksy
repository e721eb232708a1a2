meta:
  id: answers
  title: How a request ended, as the payload of its answer
  license: MIT
  endian: be
doc: Ours; peers of the reference neither send nor read it. An ACK without a payload says the same as code 0.
types:
  answer_status:
    doc: Payload of an ACK.
    seq:
      - {id: version, contents: [1]}
      - {id: message, contents: [4]}
      - {id: code, type: u1, enum: answer_code}
      - {id: next_offset, type: u4, doc: 'Bytes of a value that the peer has, where it arrives in parts.'}
enums:
  answer_code:
    0: {id: done, doc: The request was carried out.}
    1: {id: already, doc: The value was there before.}
    2: {id: not_found, doc: There is no such value.}
    3: {id: full, doc: There is no room for it.}
    4: {id: refused, doc: The request is not valid.}
    5: {id: too_far, doc: Other peers are nearer to the key.}
    6: {id: rate, doc: Too many requests.}
    7: {id: too_long, doc: The answer does not fit into a message.}
    8: {id: unsupported, doc: Nothing handles the command.}
    9: {id: failed, doc: The handler failed.}
    10: {id: unproven, doc: 'Nothing proves the address of the sender: over a stream it would be taken.'}
