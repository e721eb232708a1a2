/** Reads the bodies of recorded RAIDA requests and replies, and writes them again. */
import { isWireError } from "../../errors.js";
import * as codec from "../../codec/gen/raida/index.js";
import { differences } from "../verdict.js";
import { DecryptedVector } from "./decrypted-vector.js";
import type { RaidaVector } from "./vector.js";

const { Status, CommandGroup, StatusCommand, AuthCommand, HealingCommand, KeyExchangeCommand, LockerCommand } = codec;

interface Rewritten {
  readonly bytes: Uint8Array;
  /** Number of coins in the request, which gives the length of a bitmap in the reply. */
  readonly coinCount: number;
}

/** How the bodies of one command are read and written again. */
interface CommandCodec {
  readonly request: (body: Uint8Array) => Rewritten;
  /** By status; a reply with any other status has no body. */
  readonly replies: ReadonlyMap<number, (body: Uint8Array, coinCount: number) => Uint8Array>;
}

const mixed = (body: Uint8Array, coinCount: number): Uint8Array =>
  codec.encodeMixedReply(codec.decodeMixedReply(body, coinCount));

/** The commands that our server carries out, by `group/command`. */
const COMMANDS: ReadonlyMap<string, CommandCodec> = new Map([
  commandCodec(CommandGroup.status, StatusCommand.echo, rewriting(codec.decodeEchoRequest, codec.encodeEchoRequest)),
  commandCodec(
    CommandGroup.status,
    StatusCommand.version,
    rewriting(codec.decodeVersionRequest, codec.encodeVersionRequest),
    [Status.success, (body) => codec.encodeVersionReply(codec.decodeVersionReply(body))],
  ),
  commandCodec(CommandGroup.auth, AuthCommand.detect, rewriting(codec.decodeDetectRequest, codec.encodeDetectRequest), [
    Status.mixed,
    mixed,
  ]),
  commandCodec(CommandGroup.auth, AuthCommand.pown, rewriting(codec.decodePownRequest, codec.encodePownRequest), [
    Status.mixed,
    mixed,
  ]),
  commandCodec(
    CommandGroup.status,
    StatusCommand.showStats,
    rewriting(codec.decodeShowStatsRequest, codec.encodeShowStatsRequest),
    [Status.success, (body) => codec.encodeShowStatsReplyBig(codec.decodeShowStatsReplyBig(body))],
  ),
  commandCodec(
    CommandGroup.auth,
    AuthCommand.detectSum,
    rewriting(codec.decodeDetectSumRequest, codec.encodeDetectSumRequest),
  ),
  commandCodec(
    CommandGroup.auth,
    AuthCommand.pownSum,
    rewriting(codec.decodePownSumRequest, codec.encodePownSumRequest),
  ),
  commandCodec(
    CommandGroup.keyExchange,
    KeyExchangeCommand.getEncryptionTicket,
    rewriting(codec.decodeEncryptionTicketRequest, codec.encodeEncryptionTicketRequest),
    [Status.noError, (body) => codec.encodeEncryptionTicketReply(codec.decodeEncryptionTicketReply(body))],
  ),
  commandCodec(
    CommandGroup.keyExchange,
    KeyExchangeCommand.fixEncryption,
    (body) =>
      hasGap(body)
        ? rewriting(codec.decodeFixEncryptionRequest, codec.encodeFixEncryptionRequest)(body)
        : rewriting(codec.decodeFixEncryptionRequestWest, codec.encodeFixEncryptionRequestWest)(body),
    [Status.success, (body) => codec.encodeFixEncryptionReply(codec.decodeFixEncryptionReply(body))],
  ),
  commandCodec(
    CommandGroup.locker,
    LockerCommand.storeSum,
    rewriting(codec.decodeStoreSumRequest, codec.encodeStoreSumRequest),
  ),
  commandCodec(CommandGroup.locker, LockerCommand.peek, rewriting(codec.decodePeekRequest, codec.encodePeekRequest), [
    Status.allPass,
    (body) => codec.encodePeekReply(codec.decodePeekReply(body)),
  ]),
  commandCodec(
    CommandGroup.healing,
    HealingCommand.getTicket,
    rewriting(codec.decodeGetTicketRequest, codec.encodeGetTicketRequest),
    [Status.allPass, (body) => codec.encodeGetTicketReply(codec.decodeGetTicketReply(body))],
    [Status.mixed, (body, n) => codec.encodeGetTicketMixedReply(codec.decodeGetTicketMixedReply(body, n))],
  ),
  commandCodec(
    CommandGroup.healing,
    HealingCommand.validateTicket,
    rewriting(codec.decodeValidateTicketRequest, codec.encodeValidateTicketRequest),
    [Status.success, (body) => codec.encodeValidateTicketReply(codec.decodeValidateTicketReply(body))],
  ),
  commandCodec(CommandGroup.healing, HealingCommand.find, rewriting(codec.decodeFindRequest, codec.encodeFindRequest), [
    Status.findMixed,
    (body) => codec.encodeFindMixedReply(codec.decodeFindMixedReply(body)),
  ]),
  commandCodec(CommandGroup.healing, HealingCommand.fix, rewriting(codec.decodeFixRequest, codec.encodeFixRequest), [
    Status.mixed,
    mixed,
  ]),
]);

/** Statuses that refuse a malformed request, which no codec has to read. */
const FORM_STATUSES: ReadonlySet<number> = new Set([
  Status.errorRouting,
  Status.errorSplitId,
  Status.errorRaidaId,
  Status.errorCommandGroup,
  Status.errorShardId,
  Status.errorCommand,
  Status.errorCoinId,
  Status.errorPacketLength,
  Status.errorWrongRaida,
  Status.errorEncryptionCode,
  Status.errorEof,
  Status.errorCrc,
  Status.errorEmptyRequest,
  Status.errorCoinsNotDivisible,
  Status.errorEncryptionKeyNotFound,
  Status.errorEncryptionCoinNotFound,
  Status.errorInvalidHmac,
]);

/** Where our codecs do not reproduce a well-formed request or its reply. */
export function rewriteDifferences(vector: RaidaVector): readonly string[] {
  const { request, response } = vector;
  if (response.length === 0) return [];
  const lines: string[] = [];
  const rewrite = (what: string, recorded: Uint8Array, rewritten: () => Uint8Array): void => {
    try {
      lines.push(...differences(`codec of the ${what}`, recorded, rewritten()));
    } catch (error) {
      if (!isWireError(error)) throw error;
      lines.push(`codec of the ${what}: ${error.message}`);
    }
  };
  const sealed = new DecryptedVector(vector);
  const status = response[2]!;
  const served = COMMANDS.get(`${request[4]}/${request[5]}`);
  const replyHeader = sealed.replyHeader(response);
  rewrite("reply's header", replyHeader, () =>
    replyHeader.length === codec.RESPONSE_HEADER_LEGACY_SIZE
      ? codec.encodeResponseHeaderLegacy(codec.decodeResponseHeaderLegacy(replyHeader))
      : codec.encodeResponseHeaderModern(codec.decodeResponseHeaderModern(replyHeader)),
  );
  let coinCount = 0;
  if (served !== undefined && !FORM_STATUSES.has(status)) {
    const header = sealed.requestHeader;
    rewrite("request's header", header, () => codec.encodeRequestHeader(codec.decodeRequestHeader(header)));
    const body = sealed.requestBody();
    if (body !== undefined && body.length > 0)
      rewrite("request's body", body, () => {
        const rewritten = served.request(body);
        coinCount = rewritten.coinCount;
        return rewritten.bytes;
      });
  }
  const announced = (response[9]! << 16) | (response[10]! << 8) | response[11]!;
  const there = response.length - replyHeader.length;
  if (announced !== there) lines.push(`reply at 9: ${announced} bytes announced, ${there} there`);
  const rewriteReply = served?.replies.get(status);
  if (rewriteReply === undefined) {
    if (there > 0) lines.push(`reply at ${replyHeader.length}: a body that status ${status} does not have`);
    return lines;
  }
  // Replies of a C server to type 5 cannot be decrypted.
  if (sealed.type === codec.EncryptionType.aes256TwoCoins) return lines;
  const reply = sealed.replyBody(response);
  if (typeof reply === "string") lines.push(`reply at ${replyHeader.length}: ${reply}`);
  else rewrite("reply's body", reply, () => rewriteReply(reply, coinCount));
  return lines;
}

/** Zeros behind the coin of a fix_encryption request, so that the records lie where the C server reads them. */
function hasGap(body: Uint8Array): boolean {
  return body.length >= codec.FIX_ENCRYPTION_REQUEST_MIN_SIZE && body.subarray(21, 37).every((byte) => byte === 0);
}

function commandCodec(
  group: number,
  number: number,
  request: CommandCodec["request"],
  ...replies: [number, (body: Uint8Array, coinCount: number) => Uint8Array][]
): [string, CommandCodec] {
  return [`${group}/${number}`, { request, replies: new Map(replies) }];
}

function rewriting<T extends object>(
  decode: (bytes: Uint8Array) => T,
  encode: (value: T) => Uint8Array,
): CommandCodec["request"] {
  return (body) => {
    const value = decode(body);
    const coinCount = "coins" in value && Array.isArray(value.coins) ? value.coins.length : 0;
    return { bytes: encode(value), coinCount };
  };
}
