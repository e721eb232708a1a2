/** The configuration file of a server of dps, `dps.toml`: its tables, their keys and what they must agree on. */
import { dirname, resolve } from "node:path";
import { formatAddress, parseAddress } from "../../address.js";
import { isWireError, type WireError } from "../../errors.js";
import type { Limits } from "../../limits.js";
import type { RaftFounder } from "../../protocols/raft/node.js";
import type { RpcFraming } from "../../protocols/rpc/index.js";
import { address, boolean, hex, integer, list, oneOf, pair, text } from "../config-values.js";
import { LOG_LEVELS, type LogLevelName } from "../log-levels.js";
import { TomlFile, type Keys, type Values } from "../toml.js";
import { limitsOf, LIMIT_KEYS } from "./config-limits.js";

/** Default of `--config`. */
export const CONFIG_DEFAULT = "dps.toml";

/** The configuration of one server, as read from its file. Paths are absolute. */
export interface DpsConfig {
  readonly path: string;
  /** An error at the line of a key, for what is found later, such as a file that cannot be read. */
  issue(table: string, key: string, expected: string, actual?: string): WireError;
  readonly server: {
    /** 20 bytes; undefined for that of the folder, else a drawn one. */
    readonly id: Uint8Array | undefined;
    readonly listen: string;
    /** Where others reach this server. */
    readonly address: string;
    readonly data: string;
    readonly log: LogLevelName;
    /** Undefined for standard output. */
    readonly logFile: string | undefined;
    readonly profile: "strict" | "reference";
    readonly framing: RpcFraming;
  };
  /** PEM files; undefined where links are not encrypted. */
  readonly tls: TlsPaths | undefined;
  /** "host:port" of the listener for Prometheus; undefined without. */
  readonly metrics: string | undefined;
  readonly dht: {
    readonly bootstrap: readonly string[];
    readonly k: number;
    readonly alpha: number;
    readonly copiesMin: number;
    readonly allowLoopback: boolean | undefined;
    readonly allowPrivate: boolean | undefined;
  };
  readonly raft: {
    /** A port of its own for Raft; undefined where one port takes all. */
    readonly listen: string | undefined;
    /** 8 bytes. */
    readonly clusterId: Uint8Array;
    readonly member: number;
    /** Undefined for a member that waits to be added. */
    readonly members: readonly RaftFounder[] | undefined;
    readonly electionMs: readonly [number, number];
    readonly heartbeatMs: number;
    readonly reads: "readIndex" | "lease";
  };
  readonly store: {
    /** Of files that are put without a time of their own; 0 for ever. */
    readonly ttlSeconds: number;
    readonly chunkTtlSeconds: number;
    readonly repairEverySeconds: number;
    readonly chunkCacheMib: number;
  };
  readonly chain: {
    readonly backupEverySeconds: number;
    readonly hash: "gob" | "canonical";
    readonly keyFile: string | undefined;
  };
  readonly limits: Partial<Limits>;
}

/** Where the credentials of TLS lie. */
export interface TlsPaths {
  readonly authorities: string;
  readonly certificate: string;
  readonly key: string;
}

const MEMBERS_MAX = 64;
const BOOTSTRAP_MAX = 256;
const SECONDS_MAX = 365 * 86_400;
/** Longest time to live that servers of the DHT take. */
const CHUNK_TTL_SECONDS_MAX = 172_800;
const LOOPBACK = "127.0.0.1";
/** A follower must be able to miss two heartbeats. */
const HEARTBEATS_OF_ELECTION = 3;
const HEARTBEAT_MS = 50;

const SERVER = {
  id: {
    expected: '40 hex digits, or "auto"',
    read: (value: unknown) => (value === "auto" ? "auto" : hex(20).read(value)),
  },
  listen: address,
  address,
  data: text,
  log: oneOf(...LOG_LEVELS),
  log_file: text,
  profile: oneOf("strict", "reference"),
  framing: oneOf("uint16be", "uint32be"),
  tls_ca: text,
  tls_cert: text,
  tls_key: text,
  metrics_host: text,
  metrics_port: integer(1, 65_535),
} satisfies Keys;

const DHT = {
  bootstrap: list('texts "host:port"', 0, BOOTSTRAP_MAX, (value) => address.read(value)),
  k: integer(1, 1_000),
  alpha: integer(1, 100),
  copies_min: integer(1, 1_000),
  allow_loopback: boolean,
  allow_private: boolean,
} satisfies Keys;

const RAFT = {
  listen: address,
  cluster: hex(8),
  member: integer(1, Number.MAX_SAFE_INTEGER),
  members: list('texts "member@host:port", each member and address once', 1, MEMBERS_MAX, founderOf),
  joining: boolean,
  election_ms: pair(HEARTBEATS_OF_ELECTION, 3_600_000),
  heartbeat_ms: integer(1, 3_600_000),
  reads: oneOf("readIndex", "lease"),
} satisfies Keys;

const STORE = {
  ttl_seconds: integer(0, Number.MAX_SAFE_INTEGER),
  chunk_ttl_seconds: integer(1, CHUNK_TTL_SECONDS_MAX),
  repair_every_s: integer(1, SECONDS_MAX),
  chunk_cache_mib: integer(1, 65_536),
} satisfies Keys;

const CHAIN = {
  backup_every_s: integer(1, SECONDS_MAX),
  hash: oneOf("gob", "canonical"),
  key_file: text,
} satisfies Keys;

/**
 * Reads the configuration of a server. It opens no other file: those that it names are read where they are used.
 * @throws WireError `argument` with the line, and without values that may be secret
 */
export function readDpsConfig(path: string): DpsConfig {
  const file = TomlFile.open(path, "a file that `specwire dps init` makes");
  file.checkTables(["server", "dht", "raft", "store", "chain", "limits"]);
  const server = file.read("server", SERVER);
  const given = file.read("limits", LIMIT_KEYS);
  refuseEngines(file);
  const store = file.read("store", STORE);
  const chain = file.read("chain", CHAIN);
  const pathOf = (name: string): string => resolve(dirname(path), name);
  const raft = raftOf(file, file.read("raft", RAFT));
  const listen = required(file, "server", "listen", server.listen, address.expected);
  // With a port of its own for Raft, the members name that one.
  const members = raft.listen === undefined ? (raft.members ?? []) : [];
  const own = members.find(({ member }) => member === raft.member)?.address;
  const reached = server.address ?? own ?? listen;
  if (own !== undefined && own !== reached) {
    throw file.issue("server", "address", `${own} as in raft.members, or no key`, reached);
  }
  return {
    path,
    issue: (...what) => file.issue(...what),
    server: {
      id: server.id === "auto" ? undefined : server.id,
      listen,
      address: reached,
      data: pathOf(required(file, "server", "data", server.data, text.expected)),
      log: server.log ?? "info",
      logFile: server.log_file && pathOf(server.log_file),
      profile: server.profile ?? "strict",
      framing: server.framing ?? "uint32be",
    },
    tls: tlsOf(file, server, pathOf),
    metrics: metricsOf(file, server),
    dht: dhtOf(file, reached, members),
    raft,
    store: {
      ttlSeconds: store.ttl_seconds ?? 86_400,
      chunkTtlSeconds: store.chunk_ttl_seconds ?? 86_400,
      repairEverySeconds: store.repair_every_s ?? 600,
      chunkCacheMib: store.chunk_cache_mib ?? 64,
    },
    chain: {
      backupEverySeconds: chain.backup_every_s ?? 600,
      hash: chain.hash ?? "gob",
      keyFile: chain.key_file && pathOf(chain.key_file),
    },
    limits: limitsOf(given),
  };
}

/** Says how files of other back ends come into a cluster, which has records in its log and chunks at its servers. */
function refuseEngines(file: TomlFile): void {
  const found = file.keysOf("store").find((key) => key === "metadata" || key === "chunks");
  if (found === undefined) return;
  const way = `none: specwire store migrate --from-${found} URL, then dps serve --publish`;
  throw file.issue("store", found, way, "another back end");
}

function tlsOf(
  file: TomlFile,
  { tls_ca: ca, tls_cert: cert, tls_key: key }: Values<typeof SERVER>,
  pathOf: (name: string) => string,
): TlsPaths | undefined {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  for (const [name, value] of Object.entries({ tls_ca: ca, tls_cert: cert, tls_key: key })) {
    if (value === undefined) throw file.issue("server", name, "tls_ca, tls_cert and tls_key, or none of them", "none");
  }
  return { authorities: pathOf(ca!), certificate: pathOf(cert!), key: pathOf(key!) };
}

function metricsOf(file: TomlFile, server: Values<typeof SERVER>): string | undefined {
  const { metrics_host: host = LOOPBACK, metrics_port: port } = server;
  if (port !== undefined) {
    const listen = address.read(formatAddress({ host, port }));
    if (listen === undefined) throw file.issue("server", "metrics_host", "a host, without a port and brackets");
    if (listen === server.listen) throw file.issue("server", "metrics_port", "another port than that of listen");
    return listen;
  }
  if (server.metrics_host !== undefined)
    throw file.issue("server", "metrics_port", "a port beside metrics_host", "none");
  return undefined;
}

function dhtOf(file: TomlFile, reached: string, members: readonly RaftFounder[]): DpsConfig["dht"] {
  const { bootstrap, k = 20, alpha = 3, copies_min: copiesMin = 3, ...allow } = file.read("dht", DHT);
  if (copiesMin > k) throw file.issue("dht", "copies_min", `at most k, ${k}`, String(copiesMin));
  if (alpha > k) throw file.issue("dht", "alpha", `at most k, ${k}`, String(alpha));
  const others = members.map((member) => member.address);
  return {
    // Members know each other: a list of its own is for servers that are none.
    bootstrap: (bootstrap ?? others).filter((one) => one !== reached),
    k,
    alpha,
    copiesMin,
    allowLoopback: allow.allow_loopback,
    allowPrivate: allow.allow_private,
  };
}

function raftOf(file: TomlFile, given: Values<typeof RAFT>): DpsConfig["raft"] {
  const { members, joining = false } = given;
  const clusterId = required(file, "raft", "cluster", given.cluster, RAFT.cluster.expected);
  const member = required(file, "raft", "member", given.member, RAFT.member.expected);
  if (joining ? members !== undefined : members === undefined) {
    throw file.issue("raft", "members", "either members, or joining = true", joining ? "both" : "neither");
  }
  if (members !== undefined) {
    const repeated = new Set(members.map((one) => one.member)).size < members.length;
    // The same address may be written in other ways.
    const addresses = new Set(members.map((one) => formatAddress(parseAddress(one.address)).toLowerCase()));
    if (repeated || addresses.size < members.length) {
      throw file.issue("raft", "members", RAFT.members.expected);
    }
    if (!members.some((one) => one.member === member)) {
      throw file.issue("raft", "member", "one of raft.members", String(member));
    }
  }
  const { election_ms: electionMs = [150, 300] } = given;
  const heartbeatMsMax = Math.floor(electionMs[0] / HEARTBEATS_OF_ELECTION);
  const { heartbeat_ms: heartbeatMs = Math.min(HEARTBEAT_MS, heartbeatMsMax) } = given;
  if (heartbeatMs > heartbeatMsMax) {
    throw file.issue("raft", "heartbeat_ms", `at most ${heartbeatMsMax}, a third of election_ms`, String(heartbeatMs));
  }
  const { listen, reads = "readIndex" } = given;
  return { listen, clusterId, member, members, electionMs, heartbeatMs, reads };
}

function required<T>(file: TomlFile, table: string, key: string, value: T | undefined, expected: string): T {
  if (value === undefined) throw file.issue(table, key, expected, "none");
  return value;
}

/** Reads "member@host:port". */
function founderOf(value: unknown): RaftFounder | undefined {
  const [, id, at] = (typeof value === "string" ? /^([1-9]\d{0,15})@(.+)$/.exec(value) : null) ?? [];
  const member = Number(id);
  const found = address.read(at);
  return found === undefined || !Number.isSafeInteger(member) ? undefined : { member, address: found };
}

/** Whether an error says that the file itself is wrong. */
export function isConfigIssue(error: unknown): boolean {
  return isWireError(error) && error.format === "config";
}

/** The addresses at which a client asks: this server first, then the others that the file names. */
export function addressesIn({ server, raft }: DpsConfig): readonly string[] {
  const others = (raft.members ?? []).map((member) => member.address);
  return [server.address, ...others.filter((one) => one !== server.address)].map((one) =>
    formatAddress(parseAddress(one)),
  );
}
