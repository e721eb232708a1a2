/** Options of a RAIDA server, their defaults and their checks. */
import { own } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { limitsWith, type Limits } from "../../../limits.js";
import { CommandGroup } from "../../../codec/gen/raida/index.js";
import type { Millis } from "../../../machine/index.js";
import { COIN_ID, QUORUM_OTHERS, RAIDA_COUNT, type Coin, type RaidaProfile, type RaidaId } from "../protocol.js";
import { areServerKinds, type ServerKinds } from "../server-kinds.js";
import type { PanHash } from "../pans.js";
import type { ModernLayout, ReplyCounter } from "../wire/encryption.js";

/** Options of a RAIDA server. */
export interface RaidaServerOptions {
  /** 0 to 24. */
  readonly raidaId: RaidaId;
  /** "host:port" of all 25 servers by id, including this one. */
  readonly peers: readonly string[];
  /** Default `strict`. */
  readonly profile?: RaidaProfile;
  /** Id of the coin system; default 6. */
  readonly coinId?: number;
  /** Release that the version command reports, eight ASCII characters. */
  readonly version?: string;
  /** Tickets that may exist at a time; default 512. */
  readonly ticketSlots?: number;
  /** Of these, how many one address prefix may have; default 64. In `reference` there is no such bound. */
  readonly ticketsPerPrefixMax?: number;
  /** Lifetime of a ticket; default 300,000. In `reference` tickets never expire. */
  readonly ticketLifeMs?: Millis;
  /** Timeout for one peer to validate a ticket; default 32,000. */
  readonly peerTimeoutMs?: Millis;
  /**
   * What the peers run, for all or by id. Unknown peers count as C servers: fixes open one connection at a time to
   * each, and an empty one if no answer comes.
   */
  readonly kinds?: ServerKinds;
  /** Fixes under way at a time; default 16, and at most as many as leave half of the links to clients. */
  readonly fixesMax?: number;
  /** Of these, how many one address prefix may have; all datagrams together count as one. Default 4. */
  readonly fixesPerPrefixMax?: number;
  /** Servers, including this one, that must agree before a coin is fixed; default 14. */
  readonly threshold?: number;
  /** Hash that makes new ANs; default `md5`. */
  readonly panHash?: PanHash;
  /** Command group of commands 44 and 45; default 4. */
  readonly keyExchangeGroup?: number;
  /** Layout of requests of encryption types 4 and 5; default `c-server`. */
  readonly type45Layout?: ModernLayout;
  /** Start of the counter of replies of types 1 and 2; default `restart`. */
  readonly replyCounter?: ReplyCounter;
  /** Bits of the AES-CTR counter; default 128. Servers with AES-NI count 32. */
  readonly counterBits?: 32 | 128;
  /**
   * Whether a C server that fixes a coin gets a header of 48 bytes, for which it waits. It is recognised by its
   * constant challenge. Default true, in `reference` false.
   */
  readonly cFixerCompat?: boolean;
  /** Key of 16 bytes for the statistics; without it every show_stats is refused. */
  readonly adminKey?: Uint8Array;
  /** Coins whose 25 ANs this server knows. Helpers encrypt the halves of a key under their ANs (command 45). */
  readonly keyCoins?: readonly Coin[];
  /** Reply to an audit: a total for each denomination, or one total as the protocol's pages say. Default `table`. */
  readonly auditReply?: "table" | "total";
  /** Size of the largest datagram that is read or sent; default 1,440. */
  readonly datagramBytesMax?: number;
  /** Limits of the machine that differ from the default. */
  readonly limits?: Partial<Limits>;
}

/** Options with all defaults filled in. */
export type ServerSettings = Required<Omit<RaidaServerOptions, "adminKey" | "limits">> & {
  readonly adminKey: Uint8Array | undefined;
  readonly limits: Limits;
};

/** Release of the recorded C server. */
const REFERENCE_VERSION = "20250323";

/** Fills in the defaults and checks all options. @throws WireError `argument` */
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
    ticketsPerPrefixMax: options.ticketsPerPrefixMax ?? 64,
    ticketLifeMs: options.ticketLifeMs ?? (isReference ? Infinity : 300_000),
    peerTimeoutMs: options.peerTimeoutMs ?? 32_000,
    kinds: options.kinds ?? [],
    fixesMax: options.fixesMax ?? 16,
    fixesPerPrefixMax: options.fixesPerPrefixMax ?? 4,
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
    limits: limitsWith(options.limits),
  };
  checkSettings(settings);
  return settings;
}

function checkSettings(settings: ServerSettings): void {
  const { adminKey, keyCoins } = settings;
  const isComplete = ({ ans }: Coin): boolean => ans.length === RAIDA_COUNT && ans.every((an) => an.length === 16);
  check("raidaId", isWithin(settings.raidaId, 0, RAIDA_COUNT - 1), "0 to 24");
  check("peers", settings.peers.length === RAIDA_COUNT, `${RAIDA_COUNT} servers`);
  check("profile", ["strict", "reference"].includes(settings.profile), "strict or reference");
  check("coinId", isWithin(settings.coinId, 0, 0xffff), "0 to 65535");
  check("version", /^[\x20-\x7e]{8}$/.test(settings.version), "8 ASCII characters");
  check("ticketSlots", isWithin(settings.ticketSlots, 0, 65_536), "0 to 65536");
  check("ticketsPerPrefixMax", isWithin(settings.ticketsPerPrefixMax, 1, 65_536), "1 to 65536");
  check("ticketLifeMs", settings.ticketLifeMs >= 0, "a time");
  check("peerTimeoutMs", settings.peerTimeoutMs >= 0, "a time");
  check("kinds", areServerKinds(settings.kinds), "c-server, specwire, or a list of these by id");
  check("fixesMax", isWithin(settings.fixesMax, 1, 1_024), "1 to 1024");
  check("fixesPerPrefixMax", isWithin(settings.fixesPerPrefixMax, 1, 1_024), "1 to 1024");
  check("threshold", isWithin(settings.threshold, 1, RAIDA_COUNT), "1 to 25");
  check("panHash", ["md5", "sha256"].includes(settings.panHash), "md5 or sha256");
  check("keyExchangeGroup", isWithin(settings.keyExchangeGroup, 0, 15), "0 to 15");
  check("type45Layout", ["c-server", "natural"].includes(settings.type45Layout), "c-server or natural");
  check("replyCounter", ["restart", "continue"].includes(settings.replyCounter), "restart or continue");
  check("counterBits", [32, 128].includes(settings.counterBits), "32 or 128");
  check("adminKey", adminKey === undefined || adminKey.length === 16, "16 bytes");
  check("keyCoins", keyCoins.every(isComplete), `coins with ${RAIDA_COUNT} ANs of 16 bytes`);
  check("auditReply", ["table", "total"].includes(settings.auditReply), "table or total");
  check("datagramBytesMax", isWithin(settings.datagramBytesMax, 0, 65_507), "0 to 65507");
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function check(path: string, holds: boolean, expected: string): void {
  if (!holds) throw argumentError("raida", path, expected);
}
