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
  Status,
  type CoinId,
} from "../../../../codec/gen/raida/index.js";
import { proposedNumbers } from "../../pans.js";
import { RAIDA_COUNT } from "../../protocol.js";
import { CoinNames, readCoinAns } from "../coin-columns.js";
import { payloadOf, type CommandTable, type ServerContext } from "../context.js";
import { PageTransaction } from "../page-transaction.js";
import { AN_BYTES } from "../pages.js";
import { BatchResult } from "../batch-result.js";
import type { Request } from "../request.js";
import { coinName } from "../votes.js";

/** Group 2: tickets, find and fix. */
export const HEALING_COMMANDS: CommandTable = [
  [CommandGroup.healing, HealingCommand.getTicket, getTicket],
  [CommandGroup.healing, HealingCommand.validateTicket, validateTicket],
  [CommandGroup.healing, HealingCommand.find, find],
  [CommandGroup.healing, HealingCommand.fix, fix],
];

/** The challenge that a fixing C server sends every time, with its checksum (seeds/raida, node against C). */
const C_FIXER_CHALLENGE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x92, 0x70, 0xc9, 0x65];
const CLAIMER_AT = 16;
const VALIDATE_TICKET_BYTES = 23;

function getTicket(request: Request, node: ServerContext): void {
  const count = node.countOfCoins(request, 18, COIN_AN_SIZE);
  if (count === 0) return;
  const columns = readCoinAns(request.body, count);
  const coins = new CoinNames(columns);
  node.withKnownPages(request, coins.runs(), () => {
    const passed = coins.authentic(columns.an, node.pages);
    if (passed.count === 0) return node.answer(request, Status.allFail);
    const ticket = node.tickets.issue(coins.chosen(passed), node.nowMs);
    if (ticket === undefined) return node.answer(request, Status.errorNoTicketSlot);
    const all = passed.count === count;
    const reply = all
      ? encodeGetTicketReply({ ticket })
      : encodeGetTicketMixedReply({ passed: passed.toArray(), ticket });
    node.answer(request, passed.status, payloadOf(reply));
  });
}

function validateTicket(request: Request, node: ServerContext): void {
  const { body } = request;
  const form = isFixingC(request, node) ? "padded" : "framed";
  if (body.length !== VALIDATE_TICKET_BYTES) return node.answer(request, Status.errorPacketLength, undefined, form);
  if (body[CLAIMER_AT]! >= RAIDA_COUNT) return node.answer(request, Status.errorWrongRaida, undefined, form);
  const { claimerId, ticket } = decodeValidateTicketRequest(body);
  const coins = node.tickets.claim(ticket, claimerId, node.nowMs);
  if (coins === "unknown") return node.answer(request, Status.errorNoTicketFound, undefined, form);
  if (coins === "claimed") return node.answer(request, Status.errorTicketClaimedAlready, undefined, form);
  node.answer(request, Status.success, payloadOf(encodeValidateTicketReply({ coins })), form);
}

/** Such a server waits for a header of 48 bytes, and takes the first 16 of anything else for the rest of it. */
function isFixingC({ origin, encryptionType, body }: Request, { settings }: ServerContext): boolean {
  return (
    settings.cFixerCompat &&
    "link" in origin &&
    encryptionType === EncryptionType.clear &&
    body[CLAIMER_AT] !== settings.raidaId &&
    C_FIXER_CHALLENGE.every((byte, i) => body[i] === byte)
  );
}

function find(request: Request, node: ServerContext): void {
  if (node.countOfCoins(request, 18, 37) === 0) return;
  const { coins } = decodeFindRequest(request.body);
  node.withKnownPages(request, coins, () => {
    const results = coins.map((coin): FindResult => {
      if (node.pages.isAuthentic(coin, coin.an)) return FindResult.an;
      return node.pages.isAuthentic(coin, coin.pan) ? FindResult.pan : FindResult.neither;
    });
    const status = findStatus(results);
    const payload = status === Status.findMixed ? payloadOf(encodeFindMixedReply({ results })) : undefined;
    node.answer(request, status, payload);
  });
}

function findStatus(results: readonly FindResult[]): Status {
  const first = results[0];
  if (results.some((result) => result !== first)) return Status.findMixed;
  if (first === FindResult.an) return Status.findAllAn;
  return first === FindResult.pan ? Status.findAllPan : Status.findNeither;
}

function fix(request: Request, node: ServerContext): void {
  if (node.countOfCoins(request, 134, 5) === 0) return;
  const { raidaId, profile, threshold } = node.settings;
  const { coins, panGenerator, tickets } = decodeFixRequest(request.body);
  node.withKnownPages(request, coins, () => {
    // Ticket 0 names nothing. The reference asks with it all the same.
    const asked = tickets
      .map((_, id) => id)
      .filter((id) => id !== raidaId && (profile === "reference" || tickets[id] !== 0));
    const apply = (votes: ReadonlyMap<string, number>): void => applyVotes(request, node, coins, panGenerator, votes);
    // Too few can agree: to ask would spend their tickets for nothing.
    if (profile === "strict" && 1 + asked.length < threshold) return apply(new Map());
    node.votes.start(tickets, asked, node.nowMs, apply, node.out);
  });
}

/** Gives new numbers to the coins that enough servers vouch for. This server's own voice counts as one. */
function applyVotes(
  request: Request,
  node: ServerContext,
  coins: readonly CoinId[],
  pg: Uint8Array,
  votes: ReadonlyMap<string, number>,
): void {
  const { raidaId, threshold } = node.settings;
  const seen = new Set<string>();
  const passed = new BatchResult(coins.length);
  coins.forEach((coin, row) => {
    const name = coinName(coin);
    if (seen.has(name) || 1 + (votes.get(name) ?? 0) < threshold) passed.fail(row);
    seen.add(name);
  });
  const fixed = coins.filter((_, row) => passed.has(row));
  const columns = {
    raidaId,
    denominations: Int8Array.from(fixed, (coin) => coin.denomination),
    serials: Uint32Array.from(fixed, (coin) => coin.serial),
    pg,
  };
  const pans = proposedNumbers(columns, node.settings.panHash);
  node.withPages(request, coins, () => {
    const draft = new PageTransaction(node.pages, node.month(), fixed.length);
    fixed.forEach((coin, i) => draft.set(coin, pans, AN_BYTES * i));
    node.store(request, draft, () => node.answerCoins(request, passed));
  });
}
