import { equalBytes } from "../../bytes/index.js";
import { WireError, type Result, type WireIssue } from "../../errors.js";
import {
  AuthCommand,
  CommandGroup,
  encodeDetectRequest,
  encodeEchoRequest,
  encodeFindRequest,
  encodeFixRequest,
  encodeGetTicketRequest,
  encodePownRequest,
  encodeValidateTicketRequest,
  encodeVersionRequest,
  FindResult,
  HealingCommand,
  Status,
  StatusCommand,
  tryDecodeFindMixedReply,
  tryDecodeGetTicketMixedReply,
  tryDecodeGetTicketReply,
  tryDecodeMixedReply,
  tryDecodeValidateTicketReply,
  tryDecodeVersionReply,
  type Coin as CoinName,
  type CoinAn,
  type CoinAnPan,
} from "../../codec/gen/raida/index.js";
import { statusError, type RaidaId } from "../protocol.js";
import type { Answer, Question } from "./exchange.js";

/** A request to one server. */
export type RaidaRequest =
  | { readonly command: "echo"; readonly server: RaidaId }
  | { readonly command: "version"; readonly server: RaidaId }
  | { readonly command: "detect"; readonly server: RaidaId; readonly coins: CoinAn[] }
  | { readonly command: "pown"; readonly server: RaidaId; readonly coins: CoinAnPan[] }
  | { readonly command: "getTicket"; readonly server: RaidaId; readonly coins: CoinAn[] }
  | {
      readonly command: "validateTicket";
      readonly server: RaidaId;
      readonly claimerId: RaidaId;
      readonly ticket: number;
    }
  | { readonly command: "find"; readonly server: RaidaId; readonly coins: CoinAnPan[] }
  | {
      readonly command: "fix";
      readonly server: RaidaId;
      readonly coins: CoinName[];
      readonly panGenerator: Uint8Array;
      /** One a server by its id, 0 where there is none. */
      readonly tickets: number[];
    };

/** What a server answers: one entry a coin, in the order of the request. */
export interface RaidaReplies {
  echo: Record<string, never>;
  version: { readonly version: string };
  detect: { readonly authentic: readonly boolean[] };
  pown: { readonly authentic: readonly boolean[] };
  /** `ticket` is undefined when no coin is authentic. */
  getTicket: { readonly authentic: readonly boolean[]; readonly ticket: number | undefined };
  validateTicket: { readonly coins: readonly CoinName[] };
  find: { readonly results: readonly FindResult[] };
  fix: { readonly fixed: readonly boolean[] };
}

export type RaidaCommand = keyof RaidaReplies;
export type RaidaReply = RaidaReplies[RaidaCommand];

const { status: STATUS, auth: AUTH, healing: HEALING } = CommandGroup;

/** The request as bytes to be. */
export function questionOf(request: RaidaRequest): Question {
  const { server } = request;
  const ask = (group: number, command: number, body: Question["body"]): Question => ({ server, group, command, body });
  switch (request.command) {
    case "echo":
      return ask(STATUS, StatusCommand.echo, (challenge) =>
        encodeEchoRequest({ challenge, payload: new Uint8Array(0) }),
      );
    case "version":
      return ask(STATUS, StatusCommand.version, (challenge) =>
        encodeVersionRequest({ challenge, payload: new Uint8Array(0) }),
      );
    case "detect":
      return ask(AUTH, AuthCommand.detect, (challenge) => encodeDetectRequest({ challenge, coins: request.coins }));
    case "pown":
      refuseUnchanged(request.coins);
      return ask(AUTH, AuthCommand.pown, (challenge) => encodePownRequest({ challenge, coins: request.coins }));
    case "getTicket":
      return ask(HEALING, HealingCommand.getTicket, (challenge) =>
        encodeGetTicketRequest({ challenge, coins: request.coins }),
      );
    case "validateTicket":
      return ask(HEALING, HealingCommand.validateTicket, (challenge) =>
        encodeValidateTicketRequest({ challenge, claimerId: request.claimerId, ticket: request.ticket }),
      );
    case "find":
      return ask(HEALING, HealingCommand.find, (challenge) => encodeFindRequest({ challenge, coins: request.coins }));
    case "fix":
      return ask(HEALING, HealingCommand.fix, (challenge) => {
        const { coins, panGenerator, tickets } = request;
        return encodeFixRequest({ challenge, coins, panGenerator, tickets });
      });
    default:
      throw new WireError({
        code: "argument",
        format: "raida",
        path: "command",
        offset: 0,
        actual: String((request as { command: unknown }).command),
      });
  }
}

/** A pown that changes nothing would leave a coin with whoever knew its number. */
function refuseUnchanged(coins: readonly CoinAnPan[]): void {
  const index = coins.findIndex(({ an, pan }) => equalBytes(an, pan));
  if (index < 0) return;
  throw new WireError({
    code: "argument",
    format: "raida",
    path: `coins[${index}].pan`,
    offset: 0,
    expected: "another number than the one it replaces",
  });
}

/** What a proven answer says. */
export function replyOf(request: RaidaRequest, { status, body }: Answer): Result<RaidaReply> {
  switch (request.command) {
    case "echo":
      return status === Status.success ? { ok: true, value: {} } : unexpected(request, status);
    case "version":
      return status === Status.success ? tryDecodeVersionReply(body) : unexpected(request, status);
    case "detect":
    case "pown":
      return map(coinsPassed(request, status, body), (authentic) => ({ authentic }));
    case "fix":
      return map(coinsPassed(request, status, body), (fixed) => ({ fixed }));
    case "getTicket":
      return readTicket(request, request.coins.length, status, body);
    case "validateTicket":
      return status === Status.success ? tryDecodeValidateTicketReply(body) : unexpected(request, status);
    case "find":
      return readFind(request, request.coins.length, status, body);
  }
}

function coinsPassed(
  request: RaidaRequest & { coins: readonly unknown[] },
  status: Status,
  body: Uint8Array,
): Result<boolean[]> {
  const count = request.coins.length;
  if (status === Status.allPass) return { ok: true, value: new Array<boolean>(count).fill(true) };
  if (status === Status.allFail) return { ok: true, value: new Array<boolean>(count).fill(false) };
  if (status === Status.mixed) return map(tryDecodeMixedReply(body, count), (reply) => reply.passed);
  return unexpected(request, status);
}

function readTicket(
  request: RaidaRequest,
  count: number,
  status: Status,
  body: Uint8Array,
): Result<RaidaReplies["getTicket"]> {
  if (status === Status.allFail)
    return { ok: true, value: { authentic: new Array<boolean>(count).fill(false), ticket: undefined } };
  if (status === Status.allPass) {
    return map(tryDecodeGetTicketReply(body), ({ ticket }) => ({
      authentic: new Array<boolean>(count).fill(true),
      ticket,
    }));
  }
  if (status === Status.mixed) {
    return map(tryDecodeGetTicketMixedReply(body, count), ({ passed, ticket }) => ({ authentic: passed, ticket }));
  }
  return unexpected(request, status);
}

function readFind(
  request: RaidaRequest,
  count: number,
  status: Status,
  body: Uint8Array,
): Result<RaidaReplies["find"]> {
  const all = (result: FindResult): Result<RaidaReplies["find"]> => ({
    ok: true,
    value: { results: new Array<FindResult>(count).fill(result) },
  });
  if (status === Status.findAllAn) return all(FindResult.an);
  if (status === Status.findAllPan) return all(FindResult.pan);
  if (status === Status.findNeither) return all(FindResult.neither);
  if (status !== Status.findMixed) return unexpected(request, status);
  const reply = tryDecodeFindMixedReply(body);
  if (reply.ok && reply.value.results.length !== count) return miscounted(request, count, reply.value.results.length);
  return reply;
}

function map<From, To>(result: Result<From>, to: (value: From) => To): Result<To> {
  return result.ok ? { ok: true, value: to(result.value) } : result;
}

function unexpected(request: RaidaRequest, status: number): { ok: false; error: WireIssue } {
  return { ok: false, error: statusError(status, request.server).toJSON() };
}

function miscounted(request: RaidaRequest, expected: number, actual: number): { ok: false; error: WireIssue } {
  const path = `server[${request.server}]`;
  return {
    ok: false,
    error: { code: "count", format: "raida", path, offset: 0, expected: `${expected} results`, actual: `${actual}` },
  };
}
