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

/** Group 0: is the server there, and which is it. */
export const STATUS_COMMANDS: CommandTable = [
  [CommandGroup.status, StatusCommand.echo, echo],
  [CommandGroup.status, StatusCommand.version, version],
  [CommandGroup.status, StatusCommand.showStats, showStats],
  [CommandGroup.status, StatusCommand.audit, audit],
];

/** Where the admin key lies in a body, and the length of a body that has all of it. */
const ADMIN_KEY_AT = 16;
const SHOW_STATS_BYTES_MIN = 34;

function echo(request: Request, node: ServerContext): void {
  node.statistics.echoes++;
  node.answer(request, Status.success);
}

function version(request: Request, node: ServerContext): void {
  node.answer(request, Status.success, payloadOf(encodeVersionReply({ version: node.settings.version })));
}

function showStats(request: Request, node: ServerContext): void {
  const { adminKey } = node.settings;
  const { body } = request;
  const given = body.subarray(ADMIN_KEY_AT, ADMIN_KEY_AT + 16);
  // Bytes behind the key are passed over: types 4 and 5 have some there.
  const isOpen = adminKey !== undefined && body.length >= SHOW_STATS_BYTES_MIN && equalBytes(given, adminKey);
  if (!isOpen) return node.answer(request, Status.errorAdminKey);
  node.answer(request, Status.success, payloadOf(encodeShowStatsReplyBig(sumOf(node.statistics))));
}

function sumOf({ echoes, powns, udpRequests }: Statistics): ShowStatsReplyBig {
  return {
    echoes: BigInt(echoes),
    powns: BigInt(powns.reduce((sum, count) => sum + count, 0)),
    // In units of the least denomination; each is ten times the one before.
    pownedValue: powns.reduceRight((value, count) => 10n * value + BigInt(count), 0n),
    udpRequests: BigInt(udpRequests),
  };
}

/** The answer that the C server's code means to give: it writes more than it has room for, and dies. */
function audit(request: Request, node: ServerContext): void {
  node.census.take((census, error) => {
    if (error !== undefined) return node.reportDisk(request, error);
    if (node.settings.auditReply === "table") {
      return node.answer(request, Status.success, payloadOf(encodeAuditReply({ totals: [...census] })));
    }
    const coins = census.reduce((sum, total) => sum + total.coins, 0);
    const reply = encodeAuditTotalReply({ coinsHigh: Math.floor(coins / 2 ** 32), coinsLow: coins >>> 0 });
    node.answer(request, Status.success, payloadOf(reply));
  }, node.out);
}
