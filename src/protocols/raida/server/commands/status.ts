/** Commands of group 0: echo, version, statistics and audit. */
import { equalBytes } from "../../../../bytes/index.js";
import {
  CommandGroup,
  encodeAuditReply,
  encodeAuditTotalReply,
  encodeShowStatsReplyBig,
  encodeVersionReply,
  Status,
  StatusCommand,
  type ShowStatsReplyBig,
} from "../../../../codec/gen/raida/index.js";
import { payloadOf, type CommandTable, type ServerContext, type Statistics } from "../context.js";
import type { Request } from "../request.js";

/** The commands of group 0. */
export const STATUS_COMMANDS: CommandTable = [
  [CommandGroup.status, StatusCommand.echo, echo],
  [CommandGroup.status, StatusCommand.version, version],
  [CommandGroup.status, StatusCommand.showStats, showStats],
  [CommandGroup.status, StatusCommand.audit, audit],
];

/** Offset of the admin key in a body, and the length of a body that contains all of it. */
const ADMIN_KEY_AT = 16;
const SHOW_STATS_BYTES_MIN = 34;

function echo(request: Request, server: ServerContext): void {
  server.statistics.echoes++;
  server.answer(request, Status.success);
}

function version(request: Request, server: ServerContext): void {
  server.answer(request, Status.success, payloadOf(encodeVersionReply({ version: server.settings.version })));
}

function showStats(request: Request, server: ServerContext): void {
  const { adminKey } = server.settings;
  const { body } = request;
  const given = body.subarray(ADMIN_KEY_AT, ADMIN_KEY_AT + 16);
  // Bytes after the key are ignored, because types 4 and 5 have some there.
  const isAdmin = adminKey !== undefined && body.length >= SHOW_STATS_BYTES_MIN && equalBytes(given, adminKey);
  if (!isAdmin) return server.answer(request, Status.errorAdminKey);
  server.answer(request, Status.success, payloadOf(encodeShowStatsReplyBig(sumOf(server.statistics))));
}

function sumOf({ echoes, powns, udpRequests }: Statistics): ShowStatsReplyBig {
  return {
    echoes: BigInt(echoes),
    powns: BigInt(powns.reduce((sum, count) => sum + count, 0)),
    // In units of the lowest denomination; each is ten times the previous one.
    pownedValue: powns.reduceRight((value, count) => 10n * value + BigInt(count), 0n),
    udpRequests: BigInt(udpRequests),
  };
}

/** Counts the coins in use. The C server overflows a buffer here and crashes; this is the reply that it intends. */
function audit(request: Request, server: ServerContext): void {
  server.coinCount.count(
    "all",
    (totals, error) => {
      if (error !== undefined) return server.reportDisk(request, error);
      if (server.settings.auditReply === "table") {
        return server.answer(request, Status.success, payloadOf(encodeAuditReply({ totals: [...totals] })));
      }
      const coins = totals.reduce((sum, total) => sum + total.coins, 0);
      const reply = encodeAuditTotalReply({ coinsHigh: Math.floor(coins / 2 ** 32), coinsLow: coins >>> 0 });
      server.answer(request, Status.success, payloadOf(reply));
    },
    server.out,
  );
}
