/** Commands of group 4: this server helps another one to heal a key (44), or is helped (45). */
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

/** The commands of group 4. */
export const KEY_EXCHANGE_COMMANDS: CommandTable = [
  [CommandGroup.keyExchange, KeyExchangeCommand.getEncryptionTicket, getEncryptionTicket],
  [CommandGroup.keyExchange, KeyExchangeCommand.fixEncryption, fixEncryption],
];

/** Lengths of a body of command 44, which determine its dialect. */
const TICKET_REQUEST_BYTES = { cServer: 31, qmail: 32, west: 52 } as const;
/** Length of DN and SN before the records of command 45, and of the gap after them that the C server skips. */
const COIN_BYTES = 5;
const GAP_BYTES = 16;
const KEY_PART_BYTES = 8;

/** Command 44: encrypts half of a key under this server's AN of a coin. */
function getEncryptionTicket(request: Request, server: ServerContext): void {
  const { body } = request;
  const isReference = server.settings.profile === "reference";
  if (body.length === TICKET_REQUEST_BYTES.cServer) {
    return answerTicket(request, server, decodeEncryptionTicketRequest(body), "ff");
  }
  if (isReference) return server.answer(request, Status.errorPacketLength);
  if (body.length === TICKET_REQUEST_BYTES.qmail) {
    return answerTicket(request, server, decodeEncryptionTicketRequestQmail(body), "ee");
  }
  if (body.length !== TICKET_REQUEST_BYTES.west) return server.answer(request, Status.errorPacketLength);
  const asked = decodeEncryptionTicketRequestWest(body);
  server.withKnownPages(request, [asked.proof], () => {
    if (server.pages.isAuthentic(asked.proof, asked.proof.an)) answerTicket(request, server, asked, "ff");
    else server.answer(request, Status.errorInvalidParameter);
  });
}

function answerTicket(
  request: Request,
  server: ServerContext,
  asked: CoinId & { readonly keyPart: Uint8Array },
  marker: "ff" | "ee",
): void {
  const { denomination, serial, keyPart } = asked;
  server.withKnownPages(request, [asked], () => {
    const filler = server.env.random(2);
    const plain =
      marker === "ff"
        ? encodeKeyTicket({ denomination, serial, keyPart, filler })
        : encodeKeyTicketQmail({ denomination, serial, keyPart, filler: filler[0]! });
    const an = server.pages.anOf(asked)!;
    const ticket = aesCtr(an, ticketCounter(request), plain);
    wipe(an);
    wipe(plain);
    server.answer(request, Status.noError, payloadOf(encodeEncryptionTicketReply({ ticket })));
  });
}

/** The counter block of a ticket: the nonce for types 1 and 2, zeros for the other types. */
function ticketCounter(request: Request): Uint8Array {
  const block = new Uint8Array(16);
  const { encryptionType } = request;
  if (isLegacyType(encryptionType) && encryptionType !== EncryptionType.clear) block.set(request.nonce);
  return block;
}

/** Half of a key, encrypted by a helper. */
interface Half {
  /** The coin whose AN is the key. */
  readonly coin: CoinId;
  /** The half: 0 or 1. */
  readonly part: number;
  /** Undefined if the record names no RAIDA server. */
  readonly helperId: number | undefined;
  readonly ticket: Uint8Array;
}

/** A request of command 45, independent of its dialect. */
interface Halves {
  /** Undefined for an invalid record. */
  readonly halves: readonly (Half | undefined)[];
  readonly isQmail: boolean;
}

/** Command 45: accepts halves of a key that helpers have encrypted for this server. */
function fixEncryption(request: Request, server: ServerContext): void {
  const { body } = request;
  const { coinId, profile, keyCoins } = server.settings;
  const payload = body.subarray(CHALLENGE_BYTES, body.length - TRAILER.length);
  const isReference = profile === "reference";
  if (payload.length < COIN_BYTES) return server.answer(request, Status.errorPacketLength);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const coin: CoinId = { denomination: view.getInt8(0), serial: view.getUint32(1) };
  const isQmail = !isReference && isQmailPayload(payload);
  const records = payload.length - COIN_BYTES;
  if (!isQmail && records < KEY_RECORD_SIZE) return server.answer(request, Status.errorPacketLength);
  if (!isQmail && records % KEY_RECORD_SIZE !== 0) return server.answer(request, Status.errorCoinsNotDivisible);
  const keyCoin = keyCoins.find(({ denomination, serial }) => sameCoin(coin, { denomination, serial }));
  if (keyCoin === undefined) return server.answer(request, Status.errorCoinLoad);
  const asked = isQmail ? readQmail(payload, coin) : readRecords(payload, coinId);
  const coins = asked.halves.filter((half) => half !== undefined).map((half) => half.coin);
  server.withPages(request, coins, () => {
    const changes = new PageTransaction(server.pages, server.month(), asked.halves.length);
    const verdicts = asked.halves.map((half) => {
      const helperId = half?.helperId;
      if (half === undefined || helperId === undefined) return KeyVerdict.rejected;
      const helperAn = isReference ? referenceAn(keyCoin, helperId) : keyCoin.ans[helperId]!;
      // The C server compares a denomination with and without its sign.
      if (isReference && half.coin.denomination < 0) return KeyVerdict.rejected;
      // A ticket for another coin is forged: counter mode does not authenticate, and anybody can get a ticket for any
      // coin and flip bits in it.
      if (!isReference && !sameCoin(half.coin, coin)) return KeyVerdict.rejected;
      return takeHalf(half, helperAn, request, changes, !isReference) ? KeyVerdict.accepted : KeyVerdict.rejected;
    });
    const reply = encodeFixEncryptionReplyQmail({ verdicts });
    server.store(request, changes, () => {
      server.answer(request, Status.success, reply, asked.isQmail ? "bare" : "framed");
    });
  });
}

/**
 * Sets half of the coin's AN if the helper made the ticket for this coin.
 * @param takesQmail whether a ticket may end with the marker of the qmail client
 */
function takeHalf(
  half: Half,
  helperAn: Uint8Array,
  request: Request,
  changes: PageTransaction,
  takesQmail: boolean,
): boolean {
  const an = changes.anOf(half.coin);
  if (an === undefined || half.part > 1) return false;
  const plain = aesCtr(helperAn, ticketCounter(request), half.ticket);
  const read = tryDecodeKeyTicket(plain);
  const ticket = read.ok || !takesQmail ? read : tryDecodeKeyTicketQmail(plain);
  const isValid = ticket.ok && sameCoin(ticket.value, half.coin);
  if (isValid) {
    an.set(ticket.value.keyPart, KEY_PART_BYTES * half.part);
    changes.set(half.coin, an);
  }
  wipe(plain);
  return isValid;
}

/** The AN that the C server uses: it takes the helper's id as an offset in bytes, which is right for helper 0 only. */
function referenceAn({ ans }: Coin, helperId: number): Uint8Array {
  return concatBytes(ans[0]!, ans[1]!, ans[2]!).subarray(helperId, helperId + AN_BYTES);
}

/** Whether a count and as many records follow. The other dialects have 0 there, the high byte of the coin id. */
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
 * Decodes records in the layout of the protocol's pages, or in that of the C server, which reads them 16 bytes late, so
 * that the last one ends after the body. Zeros instead of the coin id identify the second layout.
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
