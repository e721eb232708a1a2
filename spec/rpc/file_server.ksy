meta:
  id: file_server
  title: The protocol of a small file server
  license: MIT
  endian: be
  encoding: UTF-8
doc: |
  A link carries one request and one reply; then the server closes it. The first byte of a reply is its status. A
  download of an unknown file is answered by the status alone, a deletion too.
enums:
  file_command:
    1: upload
    2: download
    3: list
    4: delete
  file_lookup:
    0: by_hash
    1: by_name
  file_status:
    0: done
    1: {id: missing, doc: Only a download is answered so.}
    2: failed
types:
  file_request:
    -spec: seeds/dps, file server
    doc: A whole frame. The bytes of an upload may also follow it.
    seq:
      - {id: length, type: u4, -derive: sizeof(request) + 1}
      - {id: command, type: u1, enum: file_command}
      - id: request
        size: length - 1
        type:
          switch-on: command
          cases:
            file_command::upload: file_upload
            file_command::download: file_download
            file_command::list: file_listing
            file_command::delete: file_deletion
  file_upload:
    -kind: upload
    seq:
      - {id: name_length, type: u2, -derive: sizeof(name)}
      - {id: name, type: str, size: name_length}
      - {id: size_bytes, type: u8, -u64: bigint, doc: Bytes of the file.}
      - {id: body, size-eos: true, doc: The first of these bytes. What goes beyond the size is passed over.}
  file_download:
    -kind: download
    seq:
      - {id: lookup, type: u1, enum: file_lookup}
      - {id: file, size-eos: true, doc: 'SHA-256 of the file, or its name in UTF-8.'}
  file_listing:
    -kind: list
    seq:
      - {id: rest, size-eos: true, doc: Nothing; servers pass it over.}
  file_deletion:
    -kind: delete
    seq:
      - {id: hash, size: 32, doc: SHA-256 of the file.}
  file_upload_head:
    -spec: seeds/dps, file server
    doc: An upload up to the bytes of its file, for those who read it as it comes.
    seq:
      - {id: length, type: u4, doc: Bytes of the frame behind this field.}
      - {id: command, contents: [1]}
      - {id: name_length, type: u2, -derive: sizeof(name)}
      - {id: name, type: str, size: name_length}
      - {id: size_bytes, type: u8, -u64: bigint, doc: Bytes of the file.}
  file_stored:
    -spec: seeds/dps, file server
    doc: The reply to an upload.
    seq:
      - {id: status, contents: [0]}
      - {id: hash, size: 32, doc: SHA-256 of the file.}
  file_found:
    -spec: seeds/dps, file server
    doc: The reply to a download. The bytes of the file follow.
    seq:
      - {id: status, contents: [0]}
      - {id: size_bytes, type: u8, -u64: number, doc: Bytes of the file.}
  file_list:
    -spec: seeds/dps, file server
    doc: The reply to a list.
    seq:
      - {id: status, contents: [0]}
      - {id: json_length, type: u4, -derive: sizeof(json)}
      - {id: json, type: str, size: json_length, doc: 'A list of `{"name", "hash", "size"}`.'}
  file_failure:
    -spec: seeds/dps, file server
    doc: Why a request failed.
    seq:
      - {id: status, contents: [2]}
      - {id: message_length, type: u4, -derive: sizeof(message)}
      - {id: message, type: str, size: message_length}
