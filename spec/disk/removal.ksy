meta:
  id: removal
  title: A store that removes values, on a disk of segment files
  license: MIT
  endian: be
doc: |
  What a store has to remove, in the one frame of the file `.store/removal`. It is written and synced before the store
  appends to its own value; the store has taken effect when the frames of that file end behind the place which is told
  here. Whoever opens the folder then removes what is left of the files, and this one.
types:
  removal:
    seq:
      - {id: key_length, type: u1, -derive: sizeof(key)}
      - {id: key, type: str, encoding: ASCII, size: key_length, doc: The value that the store appends to; empty for none.}
      - {id: end, type: u8, -u64: number, doc: Where the frames of its file end before the store; 0 for none.}
      - {id: removed, type: removed_value, repeat: eos}
  removed_value:
    seq:
      - {id: key_length, type: u1, -derive: sizeof(key)}
      - {id: key, type: str, encoding: ASCII, size: key_length}
      - {id: salt, size: 8, doc: That of its file. A file of the same key with another salt was made later.}
