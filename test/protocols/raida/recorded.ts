/** The RAIDA recordings, split into pieces that a format describes. */
import { createDecipheriv } from "node:crypto";
import { concatBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import { piece, readSeed, type Piece, type ProtocolRecordings, type Recorded } from "../../support/recorded/piece.js";

interface Vector {
  readonly family: string;
  readonly encryption_type: number;
  readonly request_hex: string;
  readonly response_hex: string;
  readonly state: {
    readonly key128?: string;
    readonly key256?: string;
    readonly aes_path: "sw" | "hw";
    readonly coin_files?: readonly { readonly hex: string }[];
  };
  readonly fields: {
    readonly request: { readonly plain?: string };
    readonly response: { readonly body_plain?: string | null; readonly ticket_plain?: string };
  };
}

const { vectors } = readSeed<{ vectors: Vector[] }>("raida/vectors.json");

const REQUESTS: Readonly<Record<string, string>> = {
  "0/0": "raida_echo_request",
  "0/1": "raida_version_request",
  "1/10": "raida_detect_request",
  "1/11": "raida_detect_sum_request",
  "1/20": "raida_pown_request",
  "1/21": "raida_pown_sum_request",
  "2/40": "raida_get_ticket_request",
  "2/44": "raida_encryption_ticket_request",
  "2/45": "raida_fix_encryption_request",
  "2/50": "raida_validate_ticket_request",
  "2/60": "raida_find_request",
  "2/80": "raida_fix_request",
  "4/44": "raida_encryption_ticket_request",
  "4/45": "raida_fix_encryption_request",
  "8/82": "raida_store_sum_request",
  "8/83": "raida_peek_request",
};
const REPLIES: Readonly<Record<string, string>> = {
  "0/1 250": "raida_version_reply",
  "1/10 243": "raida_mixed_reply",
  "1/20 243": "raida_mixed_reply",
  "2/40 241": "raida_get_ticket_reply",
  "2/40 243": "raida_get_ticket_mixed_reply",
  "2/50 250": "raida_validate_ticket_reply",
  "2/60 211": "raida_find_mixed_reply",
  "2/80 243": "raida_mixed_reply",
  "4/44 0": "raida_encryption_ticket_reply",
  "4/45 250": "raida_fix_encryption_reply",
  "8/83 241": "raida_peek_reply",
};

/** Key exchange has dialects, which the recordings name; C's own is the one without a suffix. */
function dialectOf(family: string): string {
  if (family.startsWith("qmail.")) return "_qmail";
  if (family === "encrypt_key.bad-length") return "_west";
  if (/^decrypt_key\.(?!ok-c-layout|stock-hangs)/.test(family)) return "_west";
  return "";
}

interface Records {
  readonly format: string;
  readonly size: number;
  /** Bytes of the payload before the first one, where there are any, and after the last one. */
  readonly before?: number;
  readonly after: number;
}

/** What a request repeats. */
const RECORDS: Readonly<Record<string, Records>> = {
  raida_detect_request: { format: "raida_coin_an", size: 21, after: 0 },
  raida_detect_sum_request: { format: "raida_coin_id", size: 5, after: 16 },
  raida_pown_request: { format: "raida_coin_an_pan", size: 37, after: 0 },
  raida_pown_sum_request: { format: "raida_coin_id", size: 5, after: 32 },
  raida_get_ticket_request: { format: "raida_coin_an", size: 21, after: 0 },
  raida_find_request: { format: "raida_coin_an_pan", size: 37, after: 0 },
  raida_fix_request: { format: "raida_coin_id", size: 5, after: 116 },
  raida_store_sum_request: { format: "raida_coin_id", size: 5, after: 32 },
  raida_fix_encryption_request: { format: "raida_key_record", size: 26, before: 21, after: 10 },
  raida_fix_encryption_request_west: { format: "raida_key_record", size: 26, before: 5, after: 0 },
  raida_fix_encryption_request_qmail: { format: "raida_key_record_qmail", size: 19, before: 6, after: 0 },
};

/** Challenge, CRC and trailer. */
const AROUND_BYTES = 18;
const CHALLENGE_BYTES = 16;
const TRAILER_BYTES = 2;
const HMAC_BYTES = 32;

/** AES-CTR from some block on, with a counter of 128 or 32 bits. */
function aesCtr(
  key: Uint8Array,
  counter: Uint8Array,
  bytes: Uint8Array,
  firstBlock = 0,
  bits: 32 | 128 = 128,
): Uint8Array {
  const start = BigInt(`0x${toHex(counter)}`);
  const blocks = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => {
    const low = BigInt.asUintN(bits, start + BigInt(firstBlock + i));
    const block = fromHex((((start >> BigInt(bits)) << BigInt(bits)) | low).toString(16).padStart(32, "0"));
    return createDecipheriv(`aes-${8 * key.length}-ctr`, key, block).update(bytes.subarray(16 * i, 16 * i + 16));
  });
  return concatBytes(...blocks);
}

/** A body in clear, its trailer behind it. @throws when it is not the one that the recording names */
function opened(plain: Uint8Array, body: Uint8Array, recorded: string | null | undefined): Uint8Array {
  if (typeof recorded === "string" && toHex(plain) !== recorded)
    throw new Error(`not the plaintext that the recording names: ${recorded}`);
  return concatBytes(plain, body.subarray(body.length - TRAILER_BYTES));
}

interface Bodies {
  readonly request: Uint8Array | undefined;
  readonly reply: Uint8Array | undefined;
}

/** Types 1 and 2: all but the trailer is sealed; a reply takes the request's nonce, from its start or going on. */
function openLegacy({ state, fields }: Vector, nonce: Uint8Array, request: Uint8Array, reply: Uint8Array): Bodies {
  if (state.key128 === undefined) return { request: undefined, reply: undefined };
  const key = fromHex(state.key128);
  const counter = concatBytes(nonce, new Uint8Array(8));
  const sealed = request.subarray(0, request.length - TRAILER_BYTES);
  const goesOn = state.aes_path === "hw" ? Math.ceil(sealed.length / 16) : 0;
  return {
    request: opened(aesCtr(key, counter, sealed), request, undefined),
    reply: opened(
      aesCtr(key, counter, reply.subarray(0, Math.max(0, reply.length - TRAILER_BYTES)), goesOn),
      reply,
      fields.response.body_plain,
    ),
  };
}

/** Types 4 and 5: what stands before the HMAC is sealed. The nonce of a type 5 reply never travels. */
function openModern(vector: Vector, nonce: Uint8Array, request: Uint8Array, reply: Uint8Array): Bodies {
  const { family, encryption_type, state, fields } = vector;
  if (state.key256 === undefined) return { request: undefined, reply: undefined };
  const key = fromHex(state.key256);
  const open = (body: Uint8Array, counter: Uint8Array, recorded: string | null | undefined): Uint8Array | undefined => {
    if (body.length < HMAC_BYTES + TRAILER_BYTES) return undefined;
    const sealed = body.subarray(0, body.length - HMAC_BYTES - TRAILER_BYTES);
    return opened(aesCtr(key, counter, sealed, 0, family.endsWith("wrap32") ? 32 : 128), body, recorded);
  };
  const answer = fromHex(vector.response_hex).subarray(24, 40);
  return {
    request: open(request, nonce, fields.request.plain),
    reply: encryption_type === 4 ? open(reply, answer, fields.response.body_plain) : undefined,
  };
}

/** The bodies of a request and its reply in clear, as far as the recorded keys open them. */
function openBodies(vector: Vector, nonce: Uint8Array, request: Uint8Array, reply: Uint8Array): Bodies {
  const type = vector.encryption_type;
  if (type === 0) return { request, reply };
  return type <= 2 ? openLegacy(vector, nonce, request, reply) : openModern(vector, nonce, request, reply);
}

/** What a recording is made of: two headers, two bodies as they travel, and the bodies in clear. */
function recordedOf(vector: Vector): Recorded {
  const { family, encryption_type, state, fields } = vector;
  const request = fromHex(vector.request_hex);
  const response = fromHex(vector.response_hex);
  const pieces: Piece[] = [];
  const undescribed: string[] = [];
  const add = (format: string, bytes: Uint8Array | undefined, params?: Record<string, number>): void => {
    if (bytes !== undefined && bytes.length > 0) pieces.push(piece(format, bytes, params));
  };
  const isLegacy = encryption_type <= 2;
  const headerBytes = isLegacy ? 32 : 48;
  const lengthAt = isLegacy ? 22 : 17;
  const body = request.subarray(headerBytes, headerBytes + ((request[lengthAt]! << 8) | request[lengthAt + 1]!));
  const replyBody = response.subarray(headerBytes);
  add("raida_request_header", request.subarray(0, headerBytes));
  add(`raida_response_header_${isLegacy ? "legacy" : "modern"}`, response.subarray(0, headerBytes));
  if (!isLegacy) for (const sealed of [body, replyBody]) add("raida_hmac_envelope", sealed);
  for (const { hex } of state.coin_files ?? []) add("raida_coin_file", fromHex(hex));
  if (fields.response.ticket_plain !== undefined) add("raida_key_ticket", fromHex(fields.response.ticket_plain));

  const clear = openBodies(vector, request.subarray(24, isLegacy ? 32 : 40), body, replyBody);
  const command = `${request[4]}/${request[5]}`;
  const format = REQUESTS[command] === undefined ? undefined : REQUESTS[command] + dialectOf(family);
  const records = RECORDS[format ?? ""];
  if (isLegacy) add("raida_envelope", clear.request);
  // Bodies of types 4 and 5 have no challenge, so that a request's format refuses them; their records are the same.
  if (format !== undefined) add(format, clear.request);
  if (records !== undefined && clear.request !== undefined) {
    const end = clear.request.length - TRAILER_BYTES - records.after;
    for (let at = (records.before ?? 0) + (isLegacy ? CHALLENGE_BYTES : 0); at < end; at += records.size)
      add(records.format, clear.request.subarray(at, Math.min(at + records.size, end)));
  }
  const reply = REPLIES[`${command} ${response[2]}`];
  // The server's own reckoning, for every encryption type.
  const room = body.length - AROUND_BYTES - (records?.after ?? 0);
  if (reply !== undefined)
    add(reply, clear.reply, { coin_count: Math.max(0, Math.floor(room / (records?.size ?? 1))) });
  add("raida_reply_envelope", clear.reply);

  const leave = (what: string): unknown => undescribed.push(`raida ${family}: ${what}`);
  if (body.length > 0 && clear.request === undefined) leave("a request without a key");
  else if (body.length > 0 && format === undefined) leave(`a request of ${command}`);
  if (replyBody.length > 0 && clear.reply === undefined) leave("a reply without a key");
  else if (replyBody.length > 0 && reply === undefined) leave(`a reply of ${command}, status ${response[2]}`);
  return { pieces, undescribed };
}

/** Everything in the RAIDA recordings that a format of ours describes. */
const RECORDED: readonly Recorded[] = vectors.map(recordedOf);

export const recordings: ProtocolRecordings = {
  vectors: RECORDED,
  expected: {
    pieces: {
      raida_detect_request: [54, 24],
      raida_detect_sum_request: [12, 9],
      raida_pown_request: [21, 15],
      raida_pown_sum_request: [6, 6],
      raida_mixed_reply: [30, 30],
      raida_coin_file: [7, 7],
      raida_coin_id: [108, 99],
      raida_coin_an: [183, 144],
      raida_coin_an_pan: [114, 99],
      raida_envelope: [298, 277],
      raida_hmac_envelope: [147, 141],
      raida_reply_envelope: [96, 96],
      raida_request_header: [418, 409],
      raida_response_header_legacy: [309, 309],
      raida_response_header_modern: [108, 108],
      raida_get_ticket_request: [27, 15],
      raida_get_ticket_reply: [6, 6],
      raida_get_ticket_mixed_reply: [6, 6],
      raida_validate_ticket_request: [33, 21],
      raida_validate_ticket_reply: [9, 9],
      raida_find_request: [27, 18],
      raida_find_mixed_reply: [9, 9],
      raida_fix_request: [42, 30],
      raida_encryption_ticket_request: [12, 12],
      raida_encryption_ticket_request_west: [3, 3],
      raida_encryption_ticket_request_qmail: [3, 3],
      raida_encryption_ticket_reply: [6, 6],
      raida_key_ticket: [6, 6],
      raida_key_record: [29, 23],
      raida_key_record_qmail: [6, 0],
      raida_fix_encryption_request: [4, 4],
      raida_fix_encryption_request_west: [15, 9],
      raida_fix_encryption_request_qmail: [3, 0],
      raida_fix_encryption_reply: [6, 6],
      raida_store_sum_request: [3, 3],
      raida_peek_request: [3, 3],
      raida_peek_reply: [3, 3],
      raida_echo_request: [84, 42],
      raida_version_request: [27, 15],
      raida_version_reply: [21, 21],
    },
    undescribed: {
      "raida get_ticket_by_sum.unsupported: a request of 2/41": 3,
      "raida error.bad-group: a request of 16/0": 1,
      "raida error.bad-command: a request of 0/4": 1,
      "raida error.empty-group: a request of 5/1": 1,
      "raida error.bad-group: a request of 17/0": 1,
      "raida error.bad-command: a request of 0/9": 1,
      "raida error.empty-group: a request of 6/1": 1,
      "raida error.bad-group: a request of 18/0": 1,
      "raida error.bad-command: a request of 0/77": 1,
      "raida error.empty-group: a request of 7/1": 1,
      "raida type1.coin-not-found: a request without a key": 3,
      "raida type2.not-found: a request without a key": 3,
      "raida type4.coin-not-found: a request without a key": 3,
      "raida type4.body-too-short: a request without a key": 3,
      "raida type5.version: a reply without a key": 3,
      "raida type5.detect.phantom: a reply without a key": 3,
      "raida type5.get_ticket.phantom: a reply without a key": 3,
      "raida type5.find.phantom: a reply without a key": 3,
      "raida type5.pown.phantom: a reply without a key": 3,
      "raida type5.coin-not-found: a request without a key": 3,
      "raida type5.body-too-short: a request without a key": 3,
      "raida hw.type5.version: a reply without a key": 3,
    },
    claims: {
      raida_fix_encryption_request_qmail: 4,
      raida_get_ticket_mixed_reply: 10,
      raida_mixed_reply: 10,
    },
  },
};
