import { own } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../../limits.js";
import { CommandGroup } from "../../../codec/gen/raida/index.js";
import type { Millis } from "../../../machine/index.js";
import { COIN_ID, QUORUM_OTHERS, RAIDA_COUNT, type Coin, type RaidaProfile, type RaidaId } from "../protocol.js";
import type { PanHash } from "../pans.js";
import type { ModernLayout, ReplyCounter } from "../wire/encryption.js";

export interface RaidaServerOptions {
  /** 0 to 24. */
  readonly raidaId: RaidaId;
  /** "host:port" of all 25 servers by their id, this one included. */
  readonly peers: readonly string[];
  /** Default `strict`. */
  readonly profile?: RaidaProfile;
  /** Kind of coin; default 6. */
  readonly coinId?: number;
  /** Release, eight ASCII digits. */
  readonly version?: string;
  /** Default 512. */
  readonly ticketSlots?: number;
  /** Default 300,000; in `reference` tickets never expire. */
  readonly ticketLifeMs?: Millis;
  /** What one peer may take to validate a ticket; default 32,000. */
  readonly peerTimeoutMs?: Millis;
  /** Servers that must agree, this one included, before a coin is fixed; default 14. */
  readonly threshold?: number;
  /** How new numbers are made; default `md5`. */
  readonly panHash?: PanHash;
  /** Where commands 44 and 45 are; default 4. */
  readonly keyExchangeGroup?: number;
  /** How requests of encryption types 4 and 5 are laid out; default `c-server`. */
  readonly type45Layout?: ModernLayout;
  /** Where the counter of replies of types 1 and 2 begins; default `restart`. */
  readonly replyCounter?: ReplyCounter;
  /** Bits of the counter of AES-CTR; default 128. Servers with AES-NI count 32. */
  readonly counterBits?: 32 | 128;
  /**
   * Whether a fixing C server, recognised by the fixed challenge that it sends, gets the header of 48 bytes that it
   * waits for. Default true, in `reference` false.
   */
  readonly cFixerCompat?: boolean;
  /** 16 bytes that open the statistics; without them nobody sees any. */
  readonly adminKey?: Uint8Array;
  /** Coins whose 25 numbers this server knows: under those of the helpers it takes the halves of a key (command 45). */
  readonly keyCoins?: readonly Coin[];
  /** What an audit answers: a total for each denomination, or one of all, as the protocol's pages say. Default `table`. */
  readonly auditReply?: "table" | "total";
  /** Bytes of the largest datagram that is read, and sent; default 1,440. */
  readonly datagramBytesMax?: number;
  readonly limits?: Partial<Limits>;
}

/** Options with all defaults. */
export type ServerSettings = Required<Omit<RaidaServerOptions, "adminKey" | "limits">> & {
  readonly adminKey: Uint8Array | undefined;
  readonly limits: Limits;
};

/** Release of the recorded server. */
const REFERENCE_VERSION = "20250323";

/** @throws WireError `argument` */
export function settingsOf(options: RaidaServerOptions): ServerSettings {
  const { profile = "strict", adminKey } = options;
  const isReference = profile === "reference";
  const settings: ServerSettings = {
    raidaId: options.raidaId,
    peers: options.peers,
    profile,
    coinId: options.coinId ?? COIN_ID,
    version: options.version ?? REFERENCE_VERSION,
    ticketSlots: options.ticketSlots ?? 512,
    ticketLifeMs: options.ticketLifeMs ?? (isReference ? Infinity : 300_000),
    peerTimeoutMs: options.peerTimeoutMs ?? 32_000,
    threshold: options.threshold ?? QUORUM_OTHERS + 1,
    panHash: options.panHash ?? "md5",
    keyExchangeGroup: options.keyExchangeGroup ?? CommandGroup.keyExchange,
    type45Layout: options.type45Layout ?? "c-server",
    replyCounter: options.replyCounter ?? "restart",
    counterBits: options.counterBits ?? 128,
    cFixerCompat: options.cFixerCompat ?? !isReference,
    adminKey: adminKey && own(adminKey),
    keyCoins: (options.keyCoins ?? []).map((coin) => ({ ...coin, ans: coin.ans.map(own) })),
    auditReply: options.auditReply ?? "table",
    datagramBytesMax: options.datagramBytesMax ?? 1_440,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
  checkSettings(settings);
  return settings;
}

function checkSettings(settings: ServerSettings): void {
  const { adminKey, keyCoins } = settings;
  const isWhole = ({ ans }: Coin): boolean => ans.length === RAIDA_COUNT && ans.every((an) => an.length === 16);
  check("raidaId", isWithin(settings.raidaId, 0, RAIDA_COUNT - 1), "0 to 24");
  check("peers", settings.peers.length === RAIDA_COUNT, `${RAIDA_COUNT} servers`);
  check("profile", ["strict", "reference"].includes(settings.profile), "strict or reference");
  check("coinId", isWithin(settings.coinId, 0, 0xffff), "0 to 65535");
  check("version", /^[\x20-\x7e]{8}$/.test(settings.version), "8 ASCII characters");
  check("ticketSlots", isWithin(settings.ticketSlots, 0, 65_536), "0 to 65536");
  check("ticketLifeMs", settings.ticketLifeMs >= 0, "a time");
  check("peerTimeoutMs", settings.peerTimeoutMs >= 0, "a time");
  check("threshold", isWithin(settings.threshold, 1, RAIDA_COUNT), "1 to 25");
  check("panHash", ["md5", "sha256"].includes(settings.panHash), "md5 or sha256");
  check("keyExchangeGroup", isWithin(settings.keyExchangeGroup, 0, 15), "0 to 15");
  check("type45Layout", ["c-server", "natural"].includes(settings.type45Layout), "c-server or natural");
  check("replyCounter", ["restart", "continue"].includes(settings.replyCounter), "restart or continue");
  check("counterBits", [32, 128].includes(settings.counterBits), "32 or 128");
  check("adminKey", adminKey === undefined || adminKey.length === 16, "16 bytes");
  check("keyCoins", keyCoins.every(isWhole), `coins with ${RAIDA_COUNT} numbers of 16 bytes`);
  check("auditReply", ["table", "total"].includes(settings.auditReply), "table or total");
  check("datagramBytesMax", isWithin(settings.datagramBytesMax, 0, 65_507), "0 to 65507");
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(path: string, holds: boolean, expected: string): void {
  if (!holds) throw new WireError({ code: "argument", format: "raida.node", path, offset: 0, expected });
}
