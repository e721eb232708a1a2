import { isWireError } from "../../../errors.js";
import * as codec from "../../../codec/gen/raida/index.js";
import { differences } from "../verdict.js";
import type { RaidaVector } from "./vector.js";

const { Status, CommandGroup, StatusCommand, AuthCommand, HealingCommand } = codec;

interface Rewritten {
  readonly bytes: Uint8Array;
  /** Coins that the request names, which say how long a bitmap of the answer is. */
  readonly coinCount: number;
}

/** How one command's bodies are read and written again. */
interface CommandCodec {
  readonly request: (body: Uint8Array) => Rewritten;
  /** By status; an answer of any other status has no body. */
  readonly replies: ReadonlyMap<number, (body: Uint8Array, coinCount: number) => Uint8Array>;
}

const mixed = (body: Uint8Array, coinCount: number): Uint8Array =>
  codec.encodeMixedReply(codec.decodeMixedReply(body, coinCount));

/** The commands that we serve, by `group/command`. */
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

/** Statuses by which a server refuses the form of a request: no codec need read it. */
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
]);

/** Whether `group/command` is served. */
export function isServed(command: string): boolean {
  return COMMANDS.has(command);
}

/** What our codecs do not read and write again as it was recorded: the well-formed request, and the answer. */
export function rewriteDifferences({ request, response }: RaidaVector): readonly string[] {
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
  const requestBytes = codec.REQUEST_HEADER_LEGACY_SIZE;
  const replyBytes = codec.RESPONSE_HEADER_LEGACY_SIZE;
  const reply = response.subarray(replyBytes);
  const status = response[2]!;
  const served = COMMANDS.get(`${request[4]}/${request[5]}`);
  rewrite("reply's header", response.subarray(0, replyBytes), () =>
    codec.encodeResponseHeaderLegacy(codec.decodeResponseHeaderLegacy(response, 0, replyBytes)),
  );
  let coinCount = 0;
  if (served !== undefined && !FORM_STATUSES.has(status)) {
    rewrite("request's header", request.subarray(0, requestBytes), () =>
      codec.encodeRequestHeader(codec.decodeRequestHeader(request, 0, requestBytes)),
    );
    // What follows the body is not read.
    const body = request.subarray(requestBytes, requestBytes + ((request[22]! << 8) | request[23]!));
    if (body.length > 0)
      rewrite("request's body", body, () => {
        const rewritten = served.request(body);
        coinCount = rewritten.coinCount;
        return rewritten.bytes;
      });
  }
  const rewriteReply = served?.replies.get(status);
  const announced = (response[9]! << 16) | (response[10]! << 8) | response[11]!;
  if (announced !== reply.length) lines.push(`reply at 9: ${announced} bytes announced, ${reply.length} there`);
  if (rewriteReply !== undefined) rewrite("reply's body", reply, () => rewriteReply(reply, coinCount));
  else if (reply.length > 0) lines.push(`reply at ${replyBytes}: a body that status ${status} does not have`);
  return lines;
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
