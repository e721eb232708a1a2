import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import { codecOf } from "../../src/cli/codecs.js";
import type { Result } from "../../src/errors.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { largestAllocation } from "../support/allocations.js";
import { countsOf, RECORDED, UNDESCRIBED, type Piece } from "../support/recorded/index.js";

const CODECS = new Map(listFormats().map(({ type }) => [type.format, codecOf(type.format)]));

/** Pieces of each format: how many were recorded, and how many of them are acceptable. */
const FOUND = {
  raida_detect_request: [54, 24],
  raida_detect_sum_request: [12, 9],
  raida_pown_request: [21, 15],
  raida_pown_sum_request: [6, 6],
  raida_mixed_reply: [30, 30],
  raida_coin_file: [7, 7],
  raida_coin_file_named: [0, 0],
  raida_coin_page: [0, 0],
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
  raida_key_ticket_qmail: [0, 0],
  raida_fix_encryption_request: [4, 4],
  raida_fix_encryption_request_west: [15, 9],
  raida_fix_encryption_request_qmail: [3, 0],
  raida_fix_encryption_reply: [6, 6],
  raida_fix_encryption_reply_qmail: [0, 0],
  raida_store_sum_request: [3, 3],
  raida_peek_request: [3, 3],
  raida_peek_reply: [3, 3],
  raida_echo_request: [84, 42],
  raida_version_request: [27, 15],
  raida_version_reply: [21, 21],
  raida_show_stats_request: [0, 0],
  raida_show_stats_reply: [0, 0],
  raida_audit_request: [0, 0],
  raida_audit_reply: [0, 0],
  raida_audit_total_reply: [0, 0],
  bittrrt_frame_header: [240, 235],
  bittrrt_legacy_frame_header: [240, 235],
  bittrrt_heartbeat: [159, 103],
  bittrrt_sequence_spans: [2, 2],
  bittrrt_token: [27, 27],
  bittrrt_token_content: [25, 25],
  rpc_frame_u16: [81, 66],
  rpc_frame_u32: [65, 60],
  disk_log_begin: [0, 0],
  disk_log_commit: [0, 0],
  disk_log_record: [0, 0],
  disk_log_write: [0, 0],
  disk_segment_header: [0, 0],
  disk_frame_header: [0, 0],
};

/** What was recorded and is no byte format of ours, or stays sealed, or belongs to no command: how often. */
const LEFT = {
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
  "bittrrt api_error": 1,
  "bittrrt dh": 1,
  "bittrrt dh_error": 6,
  "bittrrt frame.decrypt_error": 12,
  "bittrrt handshake_decrypt": 1,
  "bittrrt legacy.clear": 2,
  "bittrrt live.server_behaviour": 3,
  "bittrrt ports": 10,
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
};

/** Each piece once: many recordings share their headers. */
const distinct = [
  ...new Map(RECORDED.map((piece) => [`${piece.format} ${toHex(piece.bytes)} ${JSON.stringify(piece.params)}`, piece])),
].map(([, piece]) => piece);

/** A value, or a typed error that points into the bytes. */
function outcome({ format, params }: Piece, bytes: Uint8Array): Result<unknown> {
  const result = CODECS.get(format)!.tryDecode(bytes, params);
  if (result.ok) return result;
  const { code, offset = Infinity } = result.error;
  if (typeof code === "string" && code !== "fault" && result.error.format.startsWith(format) && offset <= bytes.length)
    return result;
  return expect.fail(`${format} says ${JSON.stringify(result.error)} of ${toHex(bytes.subarray(0, 1_000))}`);
}

/** Items that the bytes of a piece can hold, whatever they say: a bit each. */
function mostIn({ bytes }: Piece): number {
  return 8 * bytes.length;
}

describe("recorded bytes", () => {
  it("are found, and opened where they were sealed, for every format but those that nobody recorded", () => {
    const found = Object.fromEntries(
      [...CODECS].map(([format, { tryDecode }]) => {
        const pieces = RECORDED.filter((piece) => piece.format === format);
        return [format, [pieces.length, pieces.filter(({ bytes, params }) => tryDecode(bytes, params).ok).length]];
      }),
    );
    expect(found).toEqual(FOUND);
    expect(RECORDED.filter(({ format }) => !CODECS.has(format))).toEqual([]);
  });

  it("are named where no format describes them", () => {
    expect(countsOf(UNDESCRIBED)).toEqual(LEFT);
  });

  it("are read and written again to the byte, but for what is wrong on purpose", () => {
    let read = 0;
    for (const piece of RECORDED) {
      const result = outcome(piece, piece.bytes);
      if (!result.ok) continue;
      read++;
      const again = CODECS.get(piece.format)!.encode(result.value);
      expect(Buffer.compare(again, piece.bytes), `${piece.format} ${toHex(piece.bytes)}`).toBe(0);
    }
    expect(read).toBeGreaterThan(0.85 * RECORDED.length);
  });

  it("end in a value or a typed error at every truncation", () => {
    let cuts = 0;
    let refused = 0;
    for (const piece of distinct) {
      const largest = largestAllocation(() => {
        for (let end = 0; end < piece.bytes.length; end++, cuts++)
          if (!outcome(piece, piece.bytes.subarray(0, end)).ok) refused++;
      });
      if (largest > mostIn(piece)) expect.fail(`${piece.format} asks for ${largest} in ${toHex(piece.bytes)}`);
    }
    process.stdout.write(`${distinct.length} pieces: ${refused} of ${cuts} truncations are refused\n`);
    expect(refused).toBeGreaterThan(cuts / 2);
    expect(refused).toBeLessThan(cuts);
  });

  it("end in a value or a typed error at every single-bit flip", () => {
    let flips = 0;
    let refused = 0;
    for (const piece of distinct) {
      const bytes = piece.bytes.slice();
      const largest = largestAllocation(() => {
        for (let bit = 0; bit < 8 * bytes.length; bit++, flips++) {
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          if (!outcome(piece, bytes).ok) refused++;
          bytes[bit >> 3]! ^= 1 << (bit & 7);
        }
      });
      if (largest > mostIn(piece)) expect.fail(`${piece.format} asks for ${largest} in ${toHex(piece.bytes)}`);
    }
    process.stdout.write(`${distinct.length} pieces: ${refused} of ${flips} bit flips are refused\n`);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(flips);
  });
});
