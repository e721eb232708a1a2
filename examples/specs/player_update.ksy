meta:
  id: player_update
  title: What a server of a game tells of its players, many times a second
  endian: le
  encoding: UTF-8
doc: Made up. Only what has changed is sent; its flags say what that is.
seq:
  - {id: magic, contents: [0x47, 0x50]}
  - {id: tick, type: u4, doc: Counts the steps of the game.}
  - {id: sent_seconds, type: f8, doc: Since the server was started.}
  - {id: player_count, type: u1}
  - {id: players, type: player, repeat: expr, repeat-expr: player_count}
  - {id: crc, type: u4, -derive: 'crc32()'}
types:
  player:
    seq:
      - {id: player, type: u2}
      - {id: has_position, type: b1}
      - {id: has_velocity, type: b1}
      - {id: has_name, type: b1}
      - {id: is_crouching, type: b1}
      - {id: team, type: b2, enum: team, valid: {in-enum: true}}
      - {id: reserved, type: b2, valid: 0, -default: 0}
      - {id: position, type: vector, if: has_position}
      - {id: velocity, type: vector, if: has_velocity}
      - {id: heading, type: s2, -min: -18000, -max: 18000, doc: Hundredths of a degree.}
      - {id: name, type: name, if: has_name}
  vector:
    doc: Meters, or meters a second.
    seq:
      - {id: x, type: f4}
      - {id: y, type: f4}
      - {id: z, type: f4}
  name:
    seq:
      - {id: length, type: u1}
      - {id: text, type: str, size: length, -min: 1, -max: 32}
enums:
  team:
    0: none
    1: red
    2: blue
