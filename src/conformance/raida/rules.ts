/** The rules by which our RAIDA server deviates from the recordings on purpose. */
import { createHash } from "node:crypto";
import { concatBytes } from "../../bytes/index.js";
import {
  CommandGroup,
  encodeCoinId,
  encodeMixedReply,
  encodeResponseHeaderLegacy,
  encodeResponseHeaderModern,
  HealingCommand,
  KeyExchangeCommand,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  RESPONSE_HEADER_MODERN_DEFAULTS,
  Status,
  tryDecodeFixRequest,
  type FixRequest,
} from "../../codec/gen/raida/index.js";
import { coinStatus, QUORUM_OTHERS } from "../../protocols/raida/protocol.js";
import { coinKey } from "../../protocols/raida/server/votes.js";
import { keyHalves } from "./key-halves.js";
import { DecryptedVector } from "./decrypted-vector.js";
import { CoinStore } from "./store.js";
import type { RaidaVector, RecordedPeer } from "./vector.js";

/** A reply and the state after it. */
export interface Result {
  readonly reply: Uint8Array;
  readonly store: CoinStore;
}

/** A deliberate difference in one vector: the result that must be recorded, and the result that ours must give. */
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
    reason: "the published server expects 48-byte headers of its peers, so that no vote ever counts; ours expects 32",
  },
  votesOfOnePeer: {
    rule: "fix.votes-of-one-peer",
    reason: "the server counts one vote each time a peer lists a coin; ours counts each peer once",
  },
  selfDeadlock: {
    rule: "fix-encryption.self-deadlock",
    reason: "the published server locks a page twice and never answers; ours answers",
  },
  westLayout: {
    rule: "fix-encryption.west-layout",
    reason: "the server reads the layout of the protocol's pages 16 bytes late; ours reads it as specified",
  },
} as const;

/** The deviation of a vector, if a rule demands one. It depends on request and state, not on the reply of ours. */
export function deviationOf(vector: RaidaVector): Deviation | undefined {
  const { request } = vector;
  if (request[4] === CommandGroup.healing && request[5] === HealingCommand.fix) return fixDeviation(vector);
  if (request[4] === CommandGroup.keyExchange && request[5] === KeyExchangeCommand.fixEncryption)
    return keyDeviation(vector);
  return undefined;
}

/** Counts the votes of a peer for a coin. */
type Count = (peer: RecordedPeer, name: string) => number;

const entries: Count = (peer, name) => peer.coins.filter((coin) => coinKey(coin) === name).length;
const once: Count = (peer, name) => Math.min(1, entries(peer, name));
const never: Count = () => 0;

function fixDeviation(vector: RaidaVector): Deviation | undefined {
  const { response, state } = vector;
  if (![Status.allPass, Status.mixed, Status.allFail].some((status) => status === response[2])) return undefined;
  const sealed = new DecryptedVector(vector);
  const body = sealed.requestBody();
  const fix = body && tryDecodeFixRequest(body);
  if (!fix?.ok) return undefined;
  const isStock = state.serverBuild.startsWith("stock");
  const theirs = verdicts(vector, fix.value, isStock ? never : entries);
  const ours = verdicts(vector, fix.value, once);
  if (theirs.every((passed, i) => passed === ours[i])) return undefined;
  return {
    ...(isStock ? RULES.peerHeader : RULES.votesOfOnePeer),
    theirs: fixResult(vector, fix.value, theirs),
    ours: fixResult(vector, fix.value, ours),
  };
}

/** The coins that are fixed; only the first of a repeated coin. */
function verdicts({ state }: RaidaVector, { coins, tickets }: FixRequest, count: Count): boolean[] {
  const names = coins.map(coinKey);
  return names.map((name, i) => {
    let votes = 0;
    for (const [id, peer] of state.peers) {
      if (id !== state.raidaId && tickets[id] === peer.ticket) votes += count(peer, name);
    }
    return names.indexOf(name) === i && votes >= QUORUM_OTHERS;
  });
}

/** The exact reply with execution time 0, and the coins with their new ANs. */
function fixResult(vector: RaidaVector, fix: FixRequest, passed: boolean[]): Result {
  const { state } = vector;
  const status = coinStatus(passed.filter(Boolean).length, passed.length);
  const body = status === Status.mixed ? encodeMixedReply({ passed }) : new Uint8Array(0);
  const store = new CoinStore(state);
  for (const { denomination, serial } of fix.coins.filter((_, i) => passed[i])) {
    const seed = concatBytes(Uint8Array.of(state.raidaId), encodeCoinId({ denomination, serial }), fix.panGenerator);
    const an = createHash("md5").update(seed).digest();
    store.put({ denomination, serial, an, mfs: state.mfsToday });
  }
  return { reply: replyOf(vector, status, body), store };
}

/** The deviations of fix_encryption: the published server hangs, or a C server reads the halves at a wrong offset. */
function keyDeviation(vector: RaidaVector): Deviation | undefined {
  const { response, state } = vector;
  const body = new DecryptedVector(vector).requestBody();
  const halves = body && keyHalves(body, state);
  if (halves === undefined) return undefined;
  const isSilent = response.length === 0;
  if (!isSilent && (halves.layout === "c-server" || response[2] !== Status.success)) return undefined;
  const store = new CoinStore(state);
  for (const coin of halves.coins) store.put(coin);
  const trailer = Uint8Array.of(0x3e, 0x3e);
  const reply = (bytes: Uint8Array): Uint8Array => replyOf(vector, Status.success, concatBytes(bytes, trailer));
  return {
    ...(isSilent ? RULES.selfDeadlock : RULES.westLayout),
    theirs: {
      // Its verdicts on records that it reads 16 bytes late depend on the bytes behind them: masked.
      reply: isSilent ? new Uint8Array(0) : reply(new Uint8Array(halves.verdicts.length)),
      store: new CoinStore(state),
    },
    ours: { reply: reply(halves.verdicts), store },
  };
}

/** A reply in clear with execution time 0. */
function replyOf(vector: RaidaVector, status: Status, body: Uint8Array): Uint8Array {
  const { request, state } = vector;
  const sealed = new DecryptedVector(vector);
  const head = {
    raidaId: state.raidaId,
    status,
    commandGroup: request[4]!,
    bodyLength: body.length,
    executionTimeUs: 0,
  };
  if (sealed.isLegacy) {
    const header = encodeResponseHeaderLegacy({
      ...RESPONSE_HEADER_LEGACY_DEFAULTS,
      ...head,
      echo: (request[30]! << 8) | request[31]!,
      challengeHash: sealed.requestBody()!.slice(0, 16),
    });
    return concatBytes(header, body);
  }
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const header = encodeResponseHeaderModern({
    ...RESPONSE_HEADER_MODERN_DEFAULTS,
    ...head,
    encryptionType: sealed.type,
    denomination: view.getInt8(19),
    serial: view.getUint32(20),
    nonce: new Uint8Array(22),
    echo: view.getUint16(46),
  });
  return concatBytes(header, body);
}
