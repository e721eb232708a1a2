/** The client side of the status group: echo, version, show_stats and audit. */
import {
  CommandGroup,
  encodeAuditRequest,
  encodeEchoRequest,
  encodeShowStatsRequest,
  encodeVersionRequest,
  AUDIT_REPLY_SIZE,
  Status,
  StatusCommand,
  tryDecodeAuditReply,
  tryDecodeAuditTotalReply,
  tryDecodeShowStatsReplyBig,
  tryDecodeVersionReply,
} from "../../../../codec/gen/raida/index.js";
import { map, none, NOTHING, refuse, unexpected, type ClientCommand } from "./command.js";

export const echo: ClientCommand<"echo"> = {
  group: CommandGroup.status,
  number: StatusCommand.echo,
  modern: "whole",
  isIdempotent: true,
  count: none,
  body: (_, challenge) => encodeEchoRequest({ challenge, payload: NOTHING }),
  reply: (request, answer) =>
    answer.status === Status.success ? { ok: true, value: {} } : unexpected(request, answer),
};

export const version: ClientCommand<"version"> = {
  group: CommandGroup.status,
  number: StatusCommand.version,
  modern: "whole",
  isIdempotent: true,
  count: none,
  body: (_, challenge) => encodeVersionRequest({ challenge, payload: NOTHING }),
  reply: (request, answer) =>
    answer.status === Status.success ? tryDecodeVersionReply(answer.body) : unexpected(request, answer),
};

export const showStats: ClientCommand<"showStats"> = {
  group: CommandGroup.status,
  number: StatusCommand.showStats,
  modern: "whole",
  isIdempotent: true,
  count: none,
  body: ({ adminKey }, challenge) => encodeShowStatsRequest({ challenge, adminKey }),
  reply: (request, answer) =>
    answer.status === Status.success ? tryDecodeShowStatsReplyBig(answer.body) : unexpected(request, answer),
};

export const audit: ClientCommand<"audit"> = {
  group: CommandGroup.status,
  number: StatusCommand.audit,
  modern: "whole",
  isIdempotent: true,
  count: none,
  check: ({ isNoCServer }) => void (isNoCServer || refuse("isNoCServer", "true: an audit crashes a stock C server")),
  body: (_, challenge) => encodeAuditRequest({ challenge, payload: NOTHING }),
  reply(request, answer) {
    const { status, body } = answer;
    if (status !== Status.success) return unexpected(request, answer);
    if (body.length === AUDIT_REPLY_SIZE) {
      return map(tryDecodeAuditReply(body), ({ totals }) => ({
        coins: totals.reduce((sum, { coins }) => sum + coins, 0),
        totals,
      }));
    }
    return map(tryDecodeAuditTotalReply(body), ({ coinsHigh, coinsLow }) => ({
      coins: coinsHigh * 2 ** 32 + coinsLow,
      totals: undefined,
    }));
  },
};
