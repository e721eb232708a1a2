import { readFileSync } from "node:fs";
import { fromHex } from "../../src/bytes/index.js";

interface Vector {
  readonly name: string;
  readonly encryption_type: number;
  readonly request_hex: string;
  readonly response_hex: string;
}

const { vectors } = JSON.parse(readFileSync("seeds/raida/vectors.json", "utf8")) as { vectors: Vector[] };

const REQUESTS: Readonly<Record<string, string>> = {
  "0/0": "raida_echo_request",
  "0/1": "raida_version_request",
  "1/10": "raida_detect_request",
  "1/11": "raida_detect_sum_request",
  "1/20": "raida_pown_request",
  "1/21": "raida_pown_sum_request",
  "2/40": "raida_get_ticket_request",
  "2/50": "raida_validate_ticket_request",
  "2/60": "raida_find_request",
  "2/80": "raida_fix_request",
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
};

/** Bytes of one format, out of a recording. */
export interface Piece {
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly params: Record<string, number>;
}

/** What a recording is made of: two headers, and bodies in clear. */
function piecesOf({ encryption_type, request_hex, response_hex }: Vector): Piece[] {
  const request = fromHex(request_hex);
  const response = fromHex(response_hex);
  const found: Piece[] = [];
  const add = (format: string | undefined, bytes: Uint8Array, params: Record<string, number> = {}): void => {
    if (format !== undefined && bytes.length > 0) found.push({ format, bytes, params });
  };
  const requestHeader = encryption_type <= 2 ? 32 : 48;
  add("raida_request_header", request.subarray(0, requestHeader));
  const responseHeader = encryption_type <= 2 ? 32 : 48;
  if (response.length >= responseHeader)
    add(`raida_response_header_${encryption_type <= 2 ? "legacy" : "modern"}`, response.subarray(0, responseHeader));
  if (encryption_type !== 0) return found;
  const command = `${request[4]}/${request[5]}`;
  add(REQUESTS[command], request.subarray(32, 32 + ((request[22]! << 8) | request[23]!)));
  const coinBytes = { "1/10": 21, "2/40": 21, "1/20": 37 }[command];
  const around = command === "2/80" ? 134 : 18;
  const coin_count = Math.max(0, Math.floor((request.length - 32 - around) / (coinBytes ?? 5)));
  add(REPLIES[`${command} ${response[2]}`], response.subarray(32), { coin_count });
  return found;
}

/** Everything in the RAIDA recordings that a format of ours describes. */
export const RECORDED: readonly Piece[] = vectors.flatMap(piecesOf);
