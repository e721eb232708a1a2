import { createHash } from "node:crypto";
import { concatBytes } from "../../../bytes/index.js";
import {
  CommandGroup,
  encodeCoin,
  encodeMixedReply,
  encodeResponseHeaderLegacy,
  HealingCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  Status,
  tryDecodeFixRequest,
  type FixRequest,
} from "../../../codec/gen/raida/index.js";
import { coinStatus, QUORUM_OTHERS } from "../../../raida/protocol.js";
import { coinName } from "../../../raida/node/votes.js";
import { CoinStore } from "./store.js";
import type { RaidaVector, RecordedPeer } from "./vector.js";

/** A reply and the state after it. */
export interface Result {
  readonly reply: Uint8Array;
  readonly store: CoinStore;
}

/** A vector in which we differ on purpose: what must have been recorded, and what we must answer instead. */
export interface Deviation {
  readonly rule: string;
  readonly reason: string;
  readonly theirs: Result;
  readonly ours: Result;
}

/** All rules by which we deviate (seeds/raida, conformance). */
const RULES = {
  peerHeader: {
    rule: "fix.peer-header",
    reason: "the published server asks its peers for 48-byte headers, so that no vote ever counts; ours asks for 32",
  },
  votesOfOnePeer: {
    rule: "fix.votes-of-one-peer",
    reason: "the server counts a peer as often as it lists a coin; ours counts each peer once",
  },
} as const;

/** How many votes a peer's list is for a coin. */
type Count = (peer: RecordedPeer, name: string) => number;

const entries: Count = (peer, name) => peer.coins.filter((coin) => coinName(coin) === name).length;
const once: Count = (peer, name) => Math.min(1, entries(peer, name));
const never: Count = () => 0;

/** The deviation of a vector, if a rule asks for one; from its request and its state, not from our answer. */
export function deviationOf(vector: RaidaVector): Deviation | undefined {
  const { request, response, state } = vector;
  if (request[4] !== CommandGroup.healing || request[5] !== HealingCommand.fix) return undefined;
  if (![Status.allPass, Status.mixed, Status.allFail].some((status) => status === response[2])) return undefined;
  const bodyAt = REQUEST_HEADER_LEGACY_SIZE;
  const fix = tryDecodeFixRequest(request, bodyAt, bodyAt + ((request[22]! << 8) | request[23]!));
  if (!fix.ok) return undefined;
  const isStock = state.serverBuild.startsWith("stock");
  const theirs = verdicts(vector, fix.value, isStock ? never : entries);
  const ours = verdicts(vector, fix.value, once);
  if (theirs.every((passed, i) => passed === ours[i])) return undefined;
  return {
    ...(isStock ? RULES.peerHeader : RULES.votesOfOnePeer),
    theirs: resultOf(vector, fix.value, theirs),
    ours: resultOf(vector, fix.value, ours),
  };
}

/** Which coins are fixed; of a coin that stands twice, the first only. */
function verdicts({ state }: RaidaVector, { coins, tickets }: FixRequest, count: Count): boolean[] {
  const names = coins.map(coinName);
  return names.map((name, i) => {
    let votes = 0;
    for (const [id, peer] of state.peers) {
      if (id !== state.raidaId && tickets[id] === peer.ticket) votes += count(peer, name);
    }
    return names.indexOf(name) === i && votes >= QUORUM_OTHERS;
  });
}

/** The exact reply, its execution time 0, and the coins with their new numbers. */
function resultOf({ request, state }: RaidaVector, fix: FixRequest, passed: boolean[]): Result {
  const status = coinStatus(passed);
  const body = status === Status.mixed ? encodeMixedReply({ passed }) : new Uint8Array(0);
  const header = encodeResponseHeaderLegacy({
    ...RESPONSE_HEADER_LEGACY_DEFAULTS,
    raidaId: state.raidaId,
    status,
    commandGroup: CommandGroup.healing,
    echo: (request[30]! << 8) | request[31]!,
    bodyLength: body.length,
    executionTimeUs: 0,
    challengeHash: request.slice(REQUEST_HEADER_LEGACY_SIZE, REQUEST_HEADER_LEGACY_SIZE + 16),
  });
  const store = new CoinStore(state);
  for (const { denomination, serial } of fix.coins.filter((_, i) => passed[i])) {
    const seed = concatBytes(Uint8Array.of(state.raidaId), encodeCoin({ denomination, serial }), fix.panGenerator);
    const an = createHash("md5").update(seed).digest();
    store.put({ denomination, serial, an, mfs: state.mfsToday });
  }
  return { reply: concatBytes(header, body), store };
}
