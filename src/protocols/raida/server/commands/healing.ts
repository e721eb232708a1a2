/** Commands of group 2: tickets, find and fix. */
import {
  COIN_AN_SIZE,
  CommandGroup,
  decodeFindRequest,
  decodeFixRequest,
  decodeValidateTicketRequest,
  encodeFindMixedReply,
  encodeGetTicketMixedReply,
  encodeGetTicketReply,
  encodeValidateTicketReply,
  EncryptionType,
  FindResult,
  HealingCommand,
  REQUEST_HEADER_MODERN_SIZE,
  Status,
  type CoinId,
} from "../../../../codec/gen/raida/index.js";
import { addressPrefix } from "../../../../machine/index.js";
import { computePans } from "../../pans.js";
import { RAIDA_COUNT } from "../../protocol.js";
import { CoinColumns, readCoinAns } from "../coin-columns.js";
import { payloadOf, type CommandTable, type ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { AN_BYTES } from "../pages.js";
import { BatchResult } from "../batch-result.js";
import type { Request } from "../request.js";
import type { TicketOrigin } from "../tickets.js";
import { coinKey } from "../votes.js";

/** The commands of group 2. */
export const HEALING_COMMANDS: CommandTable = [
  [CommandGroup.healing, HealingCommand.getTicket, getTicket],
  [CommandGroup.healing, HealingCommand.validateTicket, validateTicket],
  [CommandGroup.healing, HealingCommand.find, find],
  [CommandGroup.healing, HealingCommand.fix, fix],
];

/** The constant challenge of a fixing C server, with its CRC-32 (seeds/raida). */
const C_FIXER_CHALLENGE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x92, 0x70, 0xc9, 0x65];
const CLAIMER_AT = 16;
/** The source of all fixes by datagram: a sender that is forged must not count as many. */
const ANY_SENDER = "datagram";
const VALIDATE_TICKET_BYTES = 23;

function getTicket(request: Request, server: ServerContext): void {
  const count = server.countOfCoins(request, 18, COIN_AN_SIZE);
  if (count === 0) return;
  const columns = readCoinAns(request.body, count);
  const coins = new CoinColumns(columns);
  server.withKnownPages(request, coins, () => {
    const results = coins.authentic(columns.an, server.pages);
    if (results.passCount === 0) return server.answer(request, Status.allFail);
    const ticket = server.tickets.issue(coins.passing(results), originOf(request), server.nowMs);
    if (ticket === undefined) return server.answer(request, Status.errorNoTicketSlot);
    const all = results.passCount === count;
    const reply = all
      ? encodeGetTicketReply({ ticket })
      : encodeGetTicketMixedReply({ passed: results.toArray(), ticket });
    server.answer(request, results.status, payloadOf(reply));
  });
}

function originOf({ origin, header, body }: Request): TicketOrigin {
  const isDatagram = "peer" in origin;
  return {
    source: isDatagram ? addressPrefix(origin.peer) : origin.prefix,
    isDatagram,
    // Random bytes of the nonce and of the challenge; types 4 and 5 have no challenge.
    requestId: wordAt(header, header.length === REQUEST_HEADER_MODERN_SIZE ? 40 : 24) ^ wordAt(body, 0),
  };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function validateTicket(request: Request, server: ServerContext): void {
  const { body } = request;
  const form = isFixingC(request, server) ? "padded" : "framed";
  if (body.length !== VALIDATE_TICKET_BYTES) return server.answer(request, Status.errorPacketLength, undefined, form);
  if (body[CLAIMER_AT]! >= RAIDA_COUNT) return server.answer(request, Status.errorWrongRaida, undefined, form);
  const { claimerId, ticket } = decodeValidateTicketRequest(body);
  const coins = server.tickets.claim(ticket, claimerId, server.nowMs);
  if (coins === "unknown") return server.answer(request, Status.errorNoTicketFound, undefined, form);
  if (coins === "claimed") return server.answer(request, Status.errorTicketClaimedAlready, undefined, form);
  server.answer(request, Status.success, payloadOf(encodeValidateTicketReply({ coins })), form);
}

/** Whether a C server that fixes a coin sent the request. It waits for a header of 48 bytes. */
function isFixingC({ origin, encryptionType, body }: Request, { settings }: ServerContext): boolean {
  return (
    settings.cFixerCompat &&
    "link" in origin &&
    encryptionType === EncryptionType.clear &&
    body[CLAIMER_AT] !== settings.raidaId &&
    C_FIXER_CHALLENGE.every((byte, i) => body[i] === byte)
  );
}

function find(request: Request, server: ServerContext): void {
  if (server.countOfCoins(request, 18, 37) === 0) return;
  const { coins } = decodeFindRequest(request.body);
  server.withKnownPages(request, coins, () => {
    const results = coins.map((coin): FindResult => {
      if (server.pages.isAuthentic(coin, coin.an)) return FindResult.an;
      return server.pages.isAuthentic(coin, coin.pan) ? FindResult.pan : FindResult.neither;
    });
    const status = findStatus(results);
    const payload = status === Status.findMixed ? payloadOf(encodeFindMixedReply({ results })) : undefined;
    server.answer(request, status, payload);
  });
}

function findStatus(results: readonly FindResult[]): Status {
  const first = results[0];
  if (results.some((result) => result !== first)) return Status.findMixed;
  if (first === FindResult.an) return Status.findAllAn;
  return first === FindResult.pan ? Status.findAllPan : Status.findNeither;
}

function fix(request: Request, server: ServerContext): void {
  if (server.countOfCoins(request, 134, 5) === 0) return;
  const { raidaId, profile, threshold } = server.settings;
  const { coins, panGenerator, tickets } = decodeFixRequest(request.body);
  server.withKnownPages(request, coins, () => {
    // Ticket 0 means no ticket. The C server asks its peer nevertheless.
    const asked = tickets
      .map((_, id) => id)
      .filter((id) => id !== raidaId && (profile === "reference" || tickets[id] !== 0));
    const apply = (votes: ReadonlyMap<string, number>): void => applyVotes(request, server, coins, panGenerator, votes);
    // Too few servers can agree; asking them would spend their tickets without effect.
    if (profile === "strict" && 1 + asked.length < threshold) return apply(new Map());
    const source = "link" in request.origin ? request.origin.prefix : ANY_SENDER;
    const start = (): void => {
      server.votes.start(
        tickets,
        asked,
        server.nowMs,
        (votes) => {
          apply(votes);
          server.fixes.ended(source);
        },
        server.out,
      );
    };
    const refuse = (): void => server.answer(request, Status.errorRequestRate);
    server.fixes.add(source, { start, refuse }, server.nowMs);
  });
}

/** Sets new ANs of the coins for which enough servers vouch. This server counts as one of them. */
function applyVotes(
  request: Request,
  server: ServerContext,
  coins: readonly CoinId[],
  pg: Uint8Array,
  votes: ReadonlyMap<string, number>,
): void {
  const { raidaId, threshold } = server.settings;
  const seen = new Set<string>();
  const results = new BatchResult(coins.length);
  coins.forEach((coin, row) => {
    const key = coinKey(coin);
    if (seen.has(key) || 1 + (votes.get(key) ?? 0) < threshold) results.fail(row);
    seen.add(key);
  });
  const fixed = coins.filter((_, row) => results.passes(row));
  const columns = {
    raidaId,
    denominations: Int8Array.from(fixed, (coin) => coin.denomination),
    serials: Uint32Array.from(fixed, (coin) => coin.serial),
    pg,
  };
  const pans = computePans(columns, server.settings.panHash);
  server.withPages(request, coins, () => {
    const changes = new PageTransaction(server.pages, server.month(), fixed.length);
    fixed.forEach((coin, i) => changes.set(coin, pans, AN_BYTES * i));
    server.store(request, changes, () => server.answerCoins(request, results));
  });
}
