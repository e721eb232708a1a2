/** The recordings of DPS, cut into RPC frames. */
import { createHash } from "node:crypto";
import { concatBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import { piece, readSeed, type Piece, type ProtocolRecordings, type Recorded } from "../../support/recorded/piece.js";

interface Seed {
  readonly categories: Readonly<Record<string, Category<unknown>>> & {
    readonly rpc_encode: Category<{ readonly frame_hex?: string; readonly protobuf_hex?: string }>;
    readonly rpc_decode: Category<{ readonly stream_hex: string }>;
    readonly rpc_large: Category<LargeFrame>;
    readonly fileserver: Category<{ readonly request_hex: string; readonly response_hex: string }>;
  };
}

interface Category<T> {
  readonly vectors: readonly T[];
}

interface LargeFrame {
  readonly first_16_after_header_hex: string;
  readonly frame_sha256: string;
  readonly header_hex: string;
  readonly protobuf_length: number;
  readonly value_length: number;
}

const { rpc_encode, rpc_decode, rpc_large, fileserver, ...others } = readSeed<Seed>("dps/vectors.json").categories;

const u16 = (bytes: Uint8Array): Piece => piece("rpc_frame_u16", bytes);
const u32 = (bytes: Uint8Array): Piece => piece("rpc_frame_u32", bytes);

/** A message in a frame of Go peers, and in one of peers that have agreed on a uint32 length. */
function encodedOf({ frame_hex, protobuf_hex }: Seed["categories"]["rpc_encode"]["vectors"][number]): Piece[] {
  if (frame_hex === undefined || protobuf_hex === undefined) return [];
  return [u16(fromHex(frame_hex)), u32(fromHex(`0000${frame_hex.slice(0, 4)}${protobuf_hex}`))];
}

/** The frames of a stream, of which the last may be cut off; and the whole stream, as a frame with trailing bytes. */
function streamOf(stream: Uint8Array): Piece[] {
  const found = [u16(stream)];
  for (let at = 0; at < stream.length;) {
    const end = at + 2 + ((stream[at]! << 8) | (stream[at + 1] ?? 0));
    if (at > 0 || end < stream.length) found.push(u16(stream.subarray(at, end)));
    at = end;
  }
  return found;
}

/** A large frame, composed by the rule of its value. @throws where its hash is not the recorded one */
function largeOf(vector: LargeFrame): Piece {
  const value = Uint8Array.from({ length: vector.value_length }, (_, i) => i * 31);
  const before = vector.protobuf_length - vector.value_length;
  const prefix = fromHex(vector.first_16_after_header_hex).subarray(0, before);
  const frame = concatBytes(fromHex(vector.header_hex), prefix, value);
  if (toHex(createHash("sha256").update(frame).digest()) !== vector.frame_sha256)
    throw new Error(`rpc_large: not the frame that was recorded, of ${vector.protobuf_length} bytes`);
  return u16(frame);
}

/** A request to the file server, which is a frame of a uint32 length too, and its reply, by status and command. */
function fileServerOf(request: Uint8Array, reply: Uint8Array): Piece[] {
  const found = [u32(request), piece("rpc_file_request", request.subarray(0, 4 + request[3]!))];
  const [status, command] = [reply[0], request[4]];
  if (command === 1) found.push(piece("rpc_file_upload_head", request.subarray(0, 15 + (request[6] ?? 0))));
  if (status === 2) found.push(piece("rpc_file_failure", reply));
  else if (command === 1) found.push(piece("rpc_file_stored", reply));
  // The bytes of the file follow.
  else if (command === 2) found.push(piece("rpc_file_found", reply.subarray(0, 9)));
  else if (command === 3) found.push(piece("rpc_file_list", reply));
  return found;
}

/** The frames of each vector: of peers with a uint16 length, of the file server with a uint32 length. */
const RECORDED: readonly Recorded[] = [
  ...rpc_encode.vectors.map(encodedOf),
  ...rpc_decode.vectors.map(({ stream_hex }) => streamOf(fromHex(stream_hex))),
  ...rpc_large.vectors.map((vector) => [largeOf(vector)]),
  ...fileserver.vectors.map(({ request_hex, response_hex }) =>
    fileServerOf(fromHex(request_hex), fromHex(response_hex)),
  ),
]
  .map((pieces): Recorded => ({ pieces, undescribed: pieces.length > 0 ? [] : ["dps rpc_encode without a frame"] }))
  .concat(
    Object.entries(others).flatMap(([name, { vectors }]) =>
      vectors.map(() => ({ pieces: [], undescribed: [`dps ${name}`] })),
    ),
  );

export const recordings: ProtocolRecordings = {
  vectors: RECORDED,
  expected: {
    pieces: {
      rpc_file_failure: [6, 6],
      rpc_file_found: [2, 1],
      rpc_file_list: [1, 1],
      rpc_file_request: [14, 11],
      rpc_file_stored: [4, 4],
      rpc_file_upload_head: [6, 5],
      rpc_frame_u16: [81, 66],
      rpc_frame_u32: [65, 60],
    },
    undescribed: {
      "dps rpc_encode without a frame": 1,
      "dps block_size": 35,
      "dps chunk_key": 39,
      "dps files": 15,
      "dps toml_strings": 13,
      "dps toml_numbers": 3,
      "dps key_store_behaviour": 15,
      "dps tcp_handler": 5,
      "dps block_hash": 9,
      "dps aes_gcm": 7,
      "dps compute_sha_hash": 9,
      "dps routing_constructor": 8,
      "dps routing_default_router": 5,
      "dps xor_distance": 11,
      "dps closest_k": 5,
    },
    claims: {
      "dps_file_command, bigint": 4,
      dps_file_command: 4,
      "dps_file_item, bigint": 4,
      dps_file_item: 4,
      "dps_file_state, bigint": 4,
      dps_file_state: 4,
      rpc_file_failure: 4,
      rpc_file_list: 4,
      rpc_file_upload_head: 4,
      rpc_frame_u16: 4,
      rpc_frame_u32: 4,
    },
  },
};
