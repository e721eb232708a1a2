/** The recordings of BittrRt, cut into pieces of one format each; what is sealed is opened with the recorded keys. */
import { createDecipheriv } from "node:crypto";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { piece, readSeed, type Piece, type ProtocolRecordings, type Recorded } from "../../support/recorded/piece.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 20;
const HEARTBEAT = 2;

/** The encryption half of the key of every handshake (seeds/bittrrt, handshake). */
const TOKEN_KEY = fromHex("e84df883fb7b2aa9f68213abfd0c881b");
const TOKEN_IV_AT = 9;
const TOKEN_CIPHERTEXT_AT = 25;
const TOKEN_HMAC_BYTES = 32;

interface Message {
  readonly datagram_hex: string;
  readonly plaintext_hex?: string;
  readonly decoded?: { readonly layer: string };
}

interface Vector {
  readonly kind: string;
  readonly inputs: {
    readonly aad_hex?: string;
    readonly token?: string;
    readonly datagram_hex?: string;
    readonly request_hex?: string;
    readonly request?: { readonly plaintext_hex?: string; readonly payload_hex?: string };
  };
  readonly key_hex: string | null;
  readonly output_hex: string | null;
  readonly decoded: {
    readonly header_hex?: string;
    readonly plaintext_hex?: string;
    readonly messages?: readonly Message[];
    readonly packets?: readonly Message[];
    readonly replies?: readonly { readonly flags: number; readonly payload_hex: string }[];
  };
}

const { vectors } = readSeed<{ vectors: Vector[] }>("bittrrt/vectors.json");

/** The plaintext of a frame; undefined for a datagram that is no frame or does not authenticate. */
function open(key: Uint8Array, datagram: Uint8Array, aad: Uint8Array): Uint8Array | undefined {
  if (datagram.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const tagAt = datagram.length - TAG_BYTES;
  const cipher = createDecipheriv("chacha20-poly1305", key, datagram.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAuthTag(datagram.subarray(tagAt));
  cipher.setAAD(aad, { plaintextLength: tagAt - NONCE_BYTES });
  const inner = cipher.update(datagram.subarray(NONCE_BYTES, tagAt));
  try {
    cipher.final();
    return new Uint8Array(inner);
  } catch {
    return undefined;
  }
}

/** The sealed datagrams of a vector, each with the plaintext that the recording names, where it names one. */
function datagramsOf({ inputs, output_hex, decoded }: Vector): { hex: string; plaintext: string | undefined }[] {
  const found: { hex: string; plaintext: string | undefined }[] = [];
  const add = (hex: string | null | undefined, plaintext?: string): void => {
    if (hex !== null && hex !== undefined) found.push({ hex, plaintext });
  };
  add(output_hex, decoded.plaintext_hex);
  const request = inputs.datagram_hex ?? inputs.request_hex;
  add(request, inputs.request?.plaintext_hex ?? inputs.request?.payload_hex);
  for (const { datagram_hex, plaintext_hex } of decoded.messages ?? []) add(datagram_hex, plaintext_hex);
  for (const packet of decoded.packets ?? []) if (packet.decoded?.layer !== "fernet") add(packet.datagram_hex);
  return found;
}

/** The header in both formats, which nothing on the wire tells apart, and the stamps of a heartbeat. */
function piecesOfFrame(inner: Uint8Array): Piece[] {
  const header = inner.subarray(0, HEADER_BYTES);
  const both = [piece("bittrrt_frame_header", header), piece("bittrrt_legacy_frame_header", header)];
  const isHeartbeat = inner.length >= HEADER_BYTES && (inner[0]! & HEARTBEAT) !== 0;
  return isHeartbeat ? [...both, piece("bittrrt_heartbeat", inner.subarray(HEADER_BYTES))] : both;
}

/** A token of the handshake and, where it decrypts under the public key, what is inside. */
function piecesOfToken(base64url: string): Piece[] {
  const token = new Uint8Array(Buffer.from(base64url, "base64url"));
  if (token.length === 0) return [];
  const ciphertext = token.subarray(TOKEN_CIPHERTEXT_AT, -TOKEN_HMAC_BYTES);
  const decipher = createDecipheriv("aes-128-cbc", TOKEN_KEY, token.subarray(TOKEN_IV_AT, TOKEN_CIPHERTEXT_AT));
  const pieces = [piece("bittrrt_token", token)];
  try {
    const content = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    return [...pieces, piece("bittrrt_token_content", new Uint8Array(content))];
  } catch {
    return pieces;
  }
}

/** The datagrams of a vector that are tokens, as text. */
function tokensOf({ kind, inputs, output_hex, decoded }: Vector): string[] {
  const ascii = (hex: string): string => Buffer.from(hex, "hex").toString("latin1");
  if (kind === "handshake") return [ascii(output_hex!)];
  if (inputs.token !== undefined) return [inputs.token];
  const packets = (decoded.packets ?? []).filter((packet) => packet.decoded?.layer === "fernet");
  return packets.map(({ datagram_hex }) => ascii(datagram_hex));
}

/** @throws when a datagram does not hold what its recording says */
function piecesOf(vector: Vector): Piece[] {
  const { kind, key_hex, inputs, output_hex, decoded } = vector;
  if (kind === "sequence_span") return [piece("bittrrt_sequence_spans", fromHex(output_hex!))];
  const replies = (decoded.replies ?? [])
    .filter(({ flags }) => (flags & HEARTBEAT) !== 0)
    .map(({ payload_hex }) => piece("bittrrt_heartbeat", fromHex(payload_hex)));
  const tokens = tokensOf(vector).flatMap(piecesOfToken);
  if (key_hex === null) return [...replies, ...tokens];
  const opened = datagramsOf(vector).flatMap(({ hex, plaintext }) => {
    const inner = open(fromHex(key_hex), fromHex(hex), fromHex(inputs.aad_hex ?? ""));
    if (inner === undefined) {
      if (plaintext === undefined || kind === "live.server_behaviour") return [];
      throw new Error(`${kind}: a frame that the recording reads does not open: ${hex}`);
    }
    const { header_hex } = decoded;
    if (header_hex !== undefined && toHex(inner.subarray(0, HEADER_BYTES)) !== header_hex)
      throw new Error(`${kind}: not the header that the recording names: ${hex}`);
    if (plaintext !== undefined && toHex(inner.subarray(HEADER_BYTES)) !== plaintext)
      throw new Error(`${kind}: not the plaintext that the recording names: ${hex}`);
    return piecesOfFrame(inner);
  });
  return [...opened, ...replies, ...tokens];
}

/** The pieces of each vector. */
const RECORDED: readonly Recorded[] = vectors.map((vector) => {
  const pieces = piecesOf(vector);
  return { pieces, undescribed: pieces.length > 0 ? [] : [`bittrrt ${vector.kind}`] };
});

export const recordings: ProtocolRecordings = {
  vectors: RECORDED,
  expected: {
    pieces: {
      bittrrt_frame_header: [240, 235],
      bittrrt_legacy_frame_header: [240, 235],
      bittrrt_heartbeat: [159, 103],
      bittrrt_sequence_spans: [2, 2],
      bittrrt_token: [27, 27],
      bittrrt_token_content: [25, 25],
    },
    undescribed: {
      "bittrrt api_error": 1,
      "bittrrt dh": 1,
      "bittrrt dh_error": 6,
      "bittrrt frame.decrypt_error": 12,
      "bittrrt handshake_decrypt": 1,
      "bittrrt legacy.clear": 2,
      "bittrrt live.server_behaviour": 3,
      "bittrrt ports": 10,
    },
    claims: {
      "bittrrt_sequence_spans, bigint": 4,
      bittrrt_sequence_spans: 4,
    },
  },
};
