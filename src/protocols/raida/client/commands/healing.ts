/** The client side of the healing group: get_ticket, validate_ticket, find and fix. */
import type { Result } from "../../../../errors.js";
import {
  CommandGroup,
  encodeFindRequest,
  encodeFixRequest,
  encodeGetTicketRequest,
  encodeValidateTicketRequest,
  FindResult,
  HealingCommand,
  Status,
  tryDecodeFindMixedReply,
  tryDecodeGetTicketMixedReply,
  tryDecodeGetTicketReply,
  tryDecodeValidateTicketReply,
} from "../../../../codec/gen/raida/index.js";
import type { RaidaReplies } from "../requests.js";
import {
  all,
  bitmapBytes,
  checkInteger,
  countCoins,
  map,
  miscounted,
  none,
  readPassed,
  refuse,
  repeated,
  unexpected,
  withPaddingPairs,
  withPadding,
  type ClientCommand,
} from "./command.js";

const TICKET_BYTES = 4;

export const getTicket: ClientCommand<"getTicket"> = {
  group: CommandGroup.healing,
  number: HealingCommand.getTicket,
  modern: "padded",
  // Every ticket takes a slot of the server's pool.
  isIdempotent: false,
  padding: { entryBytes: 21, step: 1, replyBytes: (entries) => bitmapBytes(entries) + TICKET_BYTES },
  count: countCoins,
  body: ({ coins }, challenge, extra, options) =>
    encodeGetTicketRequest({ challenge, coins: withPadding(coins, extra, options) }),
  reply(request, answer) {
    const { status, body, entries } = answer;
    const count = request.coins.length;
    if (status === Status.allFail) return { ok: true, value: { authentic: all(count, false), ticket: undefined } };
    if (status === Status.allPass) {
      return map(tryDecodeGetTicketReply(body), ({ ticket }) => ({ authentic: all(count, true), ticket }));
    }
    if (status !== Status.mixed) return unexpected(request, answer);
    return map(tryDecodeGetTicketMixedReply(body, entries), ({ passed, ticket }) => ({
      authentic: passed.slice(0, count),
      ticket,
    }));
  },
};

export const validateTicket: ClientCommand<"validateTicket"> = {
  group: CommandGroup.healing,
  number: HealingCommand.validateTicket,
  modern: "never",
  isIdempotent: false,
  count: none,
  check({ claimerId, ticket }) {
    checkInteger(claimerId, "claimerId");
    checkInteger(ticket, "ticket");
  },
  body: ({ claimerId, ticket }, challenge) => encodeValidateTicketRequest({ challenge, claimerId, ticket }),
  reply: (request, answer) =>
    answer.status === Status.success ? tryDecodeValidateTicketReply(answer.body) : unexpected(request, answer),
};

export const find: ClientCommand<"find"> = {
  group: CommandGroup.healing,
  number: HealingCommand.find,
  modern: "padded",
  isIdempotent: true,
  padding: { entryBytes: 37, step: 1, replyBytes: (entries) => entries },
  count: countCoins,
  body: ({ coins }, challenge, extra, options) =>
    encodeFindRequest({ challenge, coins: withPaddingPairs(coins, extra, options) }),
  reply(request, answer): Result<RaidaReplies["find"]> {
    const { status, body, entries } = answer;
    const count = request.coins.length;
    const same = SAME_RESULT.get(status);
    if (same !== undefined) return { ok: true, value: { results: all(count, same) } };
    if (status !== Status.findMixed) return unexpected(request, answer);
    const reply = tryDecodeFindMixedReply(body);
    if (!reply.ok) return reply;
    const { results } = reply.value;
    if (results.length !== entries) return miscounted(request, entries, results.length);
    return { ok: true, value: { results: results.slice(0, count) } };
  },
};

/** The result of all coins, by the statuses that give one result for all. */
const SAME_RESULT: ReadonlyMap<number, FindResult> = new Map([
  [Status.findAllAn, FindResult.an],
  [Status.findAllPan, FindResult.pan],
  [Status.findNeither, FindResult.neither],
]);

export const fix: ClientCommand<"fix"> = {
  group: CommandGroup.healing,
  number: HealingCommand.fix,
  // The tickets of the last four servers are cut off.
  modern: "cut",
  isIdempotent: false,
  // A server fixes a repeated coin once.
  padding: { entryBytes: 5, step: 1, replyBytes: bitmapBytes },
  count: countCoins,
  check({ tickets }) {
    if (!Array.isArray(tickets)) refuse("tickets", "a list");
    tickets.forEach((ticket, id) => checkInteger(ticket, `tickets[${id}]`));
  },
  body: ({ coins, panGenerator, tickets }, challenge, extra) =>
    encodeFixRequest({ challenge, coins: repeated(coins, extra), panGenerator, tickets: [...tickets] }),
  reply: (request, answer) => map(readPassed(request, answer), (fixed) => ({ fixed })),
};
