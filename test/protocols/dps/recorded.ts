import { createHash } from "node:crypto";
import { concatBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import { piece, readSeed, type Piece, type Recorded } from "../../support/recorded/piece.js";

interface Seed {
  readonly categories: Readonly<Record<string, Category<unknown>>> & {
    readonly rpc_encode: Category<{ readonly frame_hex?: string; readonly protobuf_hex?: string }>;
    readonly rpc_decode: Category<{ readonly stream_hex: string }>;
    readonly rpc_large: Category<LargeFrame>;
    readonly fileserver: Category<{ readonly request_hex: string }>;
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

/** A message in the frame of Go peers, and as peers frame it that have agreed on a uint32 length. */
function encodedOf({ frame_hex, protobuf_hex }: Seed["categories"]["rpc_encode"]["vectors"][number]): Piece[] {
  if (frame_hex === undefined || protobuf_hex === undefined) return [];
  return [u16(fromHex(frame_hex)), u32(fromHex(`0000${frame_hex.slice(0, 4)}${protobuf_hex}`))];
}

/** A stream cut into its frames, the last perhaps half a one; and the whole as one frame with bytes behind it. */
function streamOf(stream: Uint8Array): Piece[] {
  const found = [u16(stream)];
  for (let at = 0; at < stream.length;) {
    const end = at + 2 + ((stream[at]! << 8) | (stream[at + 1] ?? 0));
    if (at > 0 || end < stream.length) found.push(u16(stream.subarray(at, end)));
    at = end;
  }
  return found;
}

/** A frame made again by the rule of its value. @throws when it is not the one that was recorded */
function largeOf(vector: LargeFrame): Piece {
  const value = Uint8Array.from({ length: vector.value_length }, (_, i) => i * 31);
  const before = vector.protobuf_length - vector.value_length;
  const prefix = fromHex(vector.first_16_after_header_hex).subarray(0, before);
  const frame = concatBytes(fromHex(vector.header_hex), prefix, value);
  if (toHex(createHash("sha256").update(frame).digest()) !== vector.frame_sha256)
    throw new Error(`rpc_large: not the frame that was recorded, of ${vector.protobuf_length} bytes`);
  return u16(frame);
}

/** Every frame in the dps recordings: of peers with a uint16 length, of the file server with a uint32 length. */
export const DPS: readonly Recorded[] = [
  ...rpc_encode.vectors.map(encodedOf),
  ...rpc_decode.vectors.map(({ stream_hex }) => streamOf(fromHex(stream_hex))),
  ...rpc_large.vectors.map((vector) => [largeOf(vector)]),
  ...fileserver.vectors.map(({ request_hex }) => [u32(fromHex(request_hex))]),
]
  .map((pieces): Recorded => ({ pieces, undescribed: pieces.length > 0 ? [] : ["dps rpc_encode without a frame"] }))
  .concat(
    Object.entries(others).flatMap(([name, { vectors }]) =>
      vectors.map(() => ({ pieces: [], undescribed: [`dps ${name}`] })),
    ),
  );
