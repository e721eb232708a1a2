import { concatBytes, wipe } from "../../../../bytes/index.js";
import {
  CommandGroup,
  decodeEncryptionTicketRequest,
  decodeEncryptionTicketRequestQmail,
  decodeEncryptionTicketRequestWest,
  encodeEncryptionTicketReply,
  encodeFixEncryptionReplyQmail,
  encodeKeyTicket,
  encodeKeyTicketQmail,
  EncryptionType,
  KEY_RECORD_QMAIL_SIZE,
  KEY_RECORD_SIZE,
  KeyExchangeCommand,
  KeyVerdict,
  Status,
  tryDecodeKeyRecord,
  tryDecodeKeyRecordQmail,
  tryDecodeKeyTicket,
  tryDecodeKeyTicketQmail,
  type CoinId,
} from "../../../../codec/gen/raida/index.js";
import { aesCtr } from "../../../../kernel/index.js";
import { RAIDA_COUNT, type Coin } from "../../protocol.js";
import { CHALLENGE_BYTES, isLegacyType, TRAILER } from "../../wire/encryption.js";
import { payloadOf, type CommandTable, type ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { AN_BYTES } from "../pages.js";
import type { Request } from "../request.js";

/** Group 4: this server helps another one (44), or is the one that is helped (45). */
export const KEY_EXCHANGE_COMMANDS: CommandTable = [
  [CommandGroup.keyExchange, KeyExchangeCommand.getEncryptionTicket, getEncryptionTicket],
  [CommandGroup.keyExchange, KeyExchangeCommand.fixEncryption, fixEncryption],
];

/** Lengths of a body of command 44, which tell its dialect. */
const TICKET_REQUEST_BYTES = { cServer: 31, qmail: 32, west: 52 } as const;
/** DN and SN before the records of command 45, and what the C server passes over behind them. */
const COIN_BYTES = 5;
const GAP_BYTES = 16;
const KEY_PART_BYTES = 8;

/** Encrypts half of a key under the number that a coin has here. */
function getEncryptionTicket(request: Request, node: ServerContext): void {
  const { body } = request;
  const isReference = node.settings.profile === "reference";
  if (body.length === TICKET_REQUEST_BYTES.cServer) {
    return answerTicket(request, node, decodeEncryptionTicketRequest(body), "ff");
  }
  if (isReference) return node.answer(request, Status.errorPacketLength);
  if (body.length === TICKET_REQUEST_BYTES.qmail) {
    return answerTicket(request, node, decodeEncryptionTicketRequestQmail(body), "ee");
  }
  if (body.length !== TICKET_REQUEST_BYTES.west) return node.answer(request, Status.errorPacketLength);
  const asked = decodeEncryptionTicketRequestWest(body);
  node.withKnownPages(request, [asked.proof], () => {
    if (node.pages.isAuthentic(asked.proof, asked.proof.an)) answerTicket(request, node, asked, "ff");
    else node.answer(request, Status.errorInvalidParameter);
  });
}

function answerTicket(
  request: Request,
  node: ServerContext,
  asked: CoinId & { readonly keyPart: Uint8Array },
  marker: "ff" | "ee",
): void {
  const { denomination, serial, keyPart } = asked;
  node.withKnownPages(request, [asked], () => {
    const filler = node.env.random(2);
    const plain =
      marker === "ff"
        ? encodeKeyTicket({ denomination, serial, keyPart, filler })
        : encodeKeyTicketQmail({ denomination, serial, keyPart, filler: filler[0]! });
    const an = node.pages.anOf(asked)!;
    const ticket = aesCtr(an, ticketCounter(request), plain);
    wipe(an);
    wipe(plain);
    node.answer(request, Status.noError, payloadOf(encodeEncryptionTicketReply({ ticket })));
  });
}

/** The counter block of a ticket: the nonce of types 1 and 2, zeros for the others, which have no such nonce. */
function ticketCounter(request: Request): Uint8Array {
  const block = new Uint8Array(16);
  const { encryptionType } = request;
  if (isLegacyType(encryptionType) && encryptionType !== EncryptionType.clear) block.set(request.nonce);
  return block;
}

/** One half of a key that a helper has encrypted. */
interface Half {
  /** The coin that the key is for. */
  readonly coin: CoinId;
  /** Which half: 0 or 1. */
  readonly part: number;
  /** Undefined where the record names no server, or another kind of coin. */
  readonly helperId: number | undefined;
  readonly ticket: Uint8Array;
}

/** What a request of command 45 asks, whatever its dialect. */
interface Halves {
  /** Undefined where a record does not fit its form. */
  readonly halves: readonly (Half | undefined)[];
  readonly isQmail: boolean;
}

/** Takes halves of keys that helpers have encrypted for this server. */
function fixEncryption(request: Request, node: ServerContext): void {
  const { body } = request;
  const { coinId, profile, keyCoins } = node.settings;
  const payload = body.subarray(CHALLENGE_BYTES, body.length - TRAILER.length);
  const isReference = profile === "reference";
  if (payload.length < COIN_BYTES) return node.answer(request, Status.errorPacketLength);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const coin: CoinId = { denomination: view.getInt8(0), serial: view.getUint32(1) };
  const isQmail = !isReference && isQmailPayload(payload);
  const records = payload.length - COIN_BYTES;
  if (!isQmail && records < KEY_RECORD_SIZE) return node.answer(request, Status.errorPacketLength);
  if (!isQmail && records % KEY_RECORD_SIZE !== 0) return node.answer(request, Status.errorCoinsNotDivisible);
  const keyCoin = keyCoins.find(({ denomination, serial }) => sameCoin(coin, { denomination, serial }));
  if (keyCoin === undefined) return node.answer(request, Status.errorCoinLoad);
  const asked = isQmail ? readQmail(payload, coin) : readRecords(payload, coinId);
  const coins = asked.halves.filter((half) => half !== undefined).map((half) => half.coin);
  node.withPages(request, coins, () => {
    const draft = new PageTransaction(node.pages, node.month(), asked.halves.length);
    const verdicts = asked.halves.map((half) => {
      const helperId = half?.helperId;
      if (half === undefined || helperId === undefined) return KeyVerdict.rejected;
      const helperAn = isReference ? referenceAn(keyCoin, helperId) : keyCoin.ans[helperId]!;
      // The C server compares a denomination with and without its sign.
      if (isReference && half.coin.denomination < 0) return KeyVerdict.rejected;
      // Helpers encrypt under the number of the coin that a ticket is for. One for another coin is rewritten: counter
      // mode does not seal what it covers, and anybody may have a ticket for any coin.
      if (!isReference && !sameCoin(half.coin, coin)) return KeyVerdict.rejected;
      return takeHalf(half, helperAn, request, draft, !isReference) ? KeyVerdict.accepted : KeyVerdict.rejected;
    });
    const reply = encodeFixEncryptionReplyQmail({ verdicts });
    node.store(request, draft, () => {
      node.answer(request, Status.success, reply, asked.isQmail ? "bare" : "framed");
    });
  });
}

/**
 * Puts a half into the coin's number if the ticket is what the helper has made for this coin.
 * @param takesQmail whether a ticket may end as the qmail client ends it
 */
function takeHalf(
  half: Half,
  helperAn: Uint8Array,
  request: Request,
  draft: PageTransaction,
  takesQmail: boolean,
): boolean {
  const an = draft.anOf(half.coin);
  if (an === undefined || half.part > 1) return false;
  const plain = aesCtr(helperAn, ticketCounter(request), half.ticket);
  const read = tryDecodeKeyTicket(plain);
  const ticket = read.ok || !takesQmail ? read : tryDecodeKeyTicketQmail(plain);
  const isRight = ticket.ok && sameCoin(ticket.value, half.coin);
  if (isRight) {
    an.set(ticket.value.keyPart, KEY_PART_BYTES * half.part);
    draft.set(half.coin, an);
  }
  wipe(plain);
  return isRight;
}

/** The C server takes the helper's id for a number of bytes: it finds the number of helper 0 alone. */
function referenceAn({ ans }: Coin, helperId: number): Uint8Array {
  return concatBytes(ans[0]!, ans[1]!, ans[2]!).subarray(helperId, helperId + AN_BYTES);
}

/** How many tickets follow, and as many: the other dialects have a 0 there, the kind of coin's high byte. */
function isQmailPayload(payload: Uint8Array): boolean {
  const count = payload[COIN_BYTES] ?? 0;
  return count > 0 && payload.length === COIN_BYTES + 1 + count * KEY_RECORD_QMAIL_SIZE;
}

function readQmail(payload: Uint8Array, coin: CoinId): Halves {
  const halves: (Half | undefined)[] = [];
  for (let at = COIN_BYTES + 1; at < payload.length; at += KEY_RECORD_QMAIL_SIZE) {
    const record = tryDecodeKeyRecordQmail(payload, at, at + KEY_RECORD_QMAIL_SIZE);
    halves.push(record.ok ? { ...record.value, coin, helperId: helperOf(record.value.helperId) } : undefined);
  }
  return { halves, isQmail: true };
}

/**
 * As the pages lay records out, or as the C server reads them: 16 bytes late, so that the last one ends behind the
 * body. Zeros where the pages have the kind of coin tell the second.
 */
function readRecords(payload: Uint8Array, coinId: number): Halves {
  const hasGap = payload.subarray(COIN_BYTES, COIN_BYTES + GAP_BYTES).every((byte) => byte === 0);
  const count = (payload.length - COIN_BYTES) / KEY_RECORD_SIZE;
  const start = COIN_BYTES + (hasGap ? GAP_BYTES : 0);
  const halves = Array.from({ length: count }, (_, i): Half | undefined => {
    const at = start + i * KEY_RECORD_SIZE;
    if (at + KEY_RECORD_SIZE > payload.length) return undefined;
    const record = tryDecodeKeyRecord(payload, at, at + KEY_RECORD_SIZE);
    if (!record.ok || record.value.coinId !== coinId) return undefined;
    const { denomination, serial, helperId, part, ticket } = record.value;
    return { coin: { denomination, serial }, part, helperId: helperOf(helperId), ticket };
  });
  return { halves, isQmail: false };
}

function helperOf(id: number): number | undefined {
  return id < RAIDA_COUNT ? id : undefined;
}

function sameCoin(a: CoinId, b: CoinId): boolean {
  return a.denomination === b.denomination && a.serial === b.serial;
}
