/** The configuration file of `raida serve`. */
import { dirname, resolve } from "node:path";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { areServerKinds, RAIDA_COUNT, SERVER_KINDS, type RaidaId } from "../../protocols/raida/index.js";
import type { StartRaidaServerOptions } from "../../protocols/raida/node.js";
import { formatAddress, parseAddress, WORKERS_MAX } from "../../transport/index.js";
import { address, hex, integer, oneOf, text } from "../config-values.js";
import { LOG_LEVELS, type LogLevelName } from "../log-levels.js";
import { TomlFile, type Keys } from "../toml.js";

/** The configuration of one server, as read from its file. */
export interface ServeConfig {
  readonly options: Omit<StartRaidaServerOptions, "disk" | "transport" | "log" | "trace" | "keyCoins"> & {
    readonly listen: string;
  };
  /** Folder of the coins; undefined if they are in memory. */
  readonly data: string | undefined;
  /** Folder of the coin files of `keyCoins`. */
  readonly keyCoins: string | undefined;
  /** Number of worker processes that share the port; 0 for none. */
  readonly workers: number;
  readonly logLevel: LogLevelName;
  /** Undefined for standard output. */
  readonly logFile: string | undefined;
  /** Keys of a C server's configuration that have no meaning here. */
  readonly ignored: readonly string[];
}

/** Placeholder of the server's id in paths, so that several servers can share a file. */
const ID_IN_PATH = "{id}";

const key16 = hex(16);
const servers = {
  expected: `${RAIDA_COUNT} texts "host:port"`,
  read: (value: unknown) =>
    Array.isArray(value) && value.length === RAIDA_COUNT && value.every((one) => address.read(one) !== undefined)
      ? (value as string[])
      : undefined,
};

const kinds = {
  expected: `${SERVER_KINDS.join(" or ")}, or a list of these by id`,
  read: (value: unknown) => (areServerKinds(value) ? value : undefined),
};

/** Keys of a C server's table `[server]` that have a meaning here (seeds/raida, configuration). */
const SERVER_KEYS = {
  raida_id: integer(0, RAIDA_COUNT - 1),
  coin_id: integer(0, 0xffff),
  port: integer(0, 0xffff),
  admin_key: key16,
  raida_servers: servers,
  udp_effective_payload: integer(48, 65_507),
} satisfies Keys;

/** Keys that have none: proxies, threads and timeouts of the C server. */
const IGNORED_KEYS = [
  "proxy_key",
  "threads",
  "backup_freq",
  "integrity_freq",
  "synchronization_enabled",
  "proxy_addr",
  "proxy_port",
  "btc_confirmations",
  "root_path",
];

const OWN_KEYS = {
  host: text,
  data: text,
  key_coins: text,
  log_level: oneOf(...LOG_LEVELS),
  log_file: text,
  profile: oneOf("strict", "reference"),
  threshold: integer(1, RAIDA_COUNT),
  ticket_slots: integer(0, 65_536),
  kinds,
  type45_layout: oneOf("c-server", "natural"),
  tickets_per_prefix_max: integer(1, 65_536),
  fixes_max: integer(1, 1_024),
  fixes_per_prefix_max: integer(1, 1_024),
  workers: integer(0, WORKERS_MAX),
} satisfies Keys;

/** The limits by their keys in the file: `linksMax` is `links_max`. */
const LIMIT_KEYS = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [snakeCase(name), integer(0, Number.MAX_SAFE_INTEGER)]),
);

/**
 * Reads the configuration of a server.
 * @param id the id of the server; undefined to take it from the file
 * @throws WireError `argument` with the line, and without values that may be secret
 */
export function readServeConfig(path: string, id: RaidaId | undefined): ServeConfig {
  const file = TomlFile.open(path);
  file.checkTables(["server", "specwire", "specwire.limits"]);
  const server = file.read("server", SERVER_KEYS, IGNORED_KEYS);
  const own = file.read("specwire", OWN_KEYS, ["limits"]);
  const limits = limitsOf(file.read("specwire.limits", LIMIT_KEYS));
  if (id !== undefined && server.raida_id !== undefined && id !== server.raida_id) {
    throw file.issue("server", "raida_id", `the ${id} of --id, or no key`, String(server.raida_id));
  }
  const raidaId = id ?? server.raida_id;
  if (raidaId === undefined) throw file.issue("server", "raida_id", "an id here or by --id", "none");
  const peers = server.raida_servers;
  if (peers === undefined) throw file.issue("server", "raida_servers", servers.expected, "none");
  const pathOf = (given: string | undefined): string | undefined =>
    given && resolve(dirname(path), given.replaceAll(ID_IN_PATH, String(raidaId)));
  const port = server.port ?? parseAddress(peers[raidaId]!).port;
  return {
    options: {
      raidaId,
      peers,
      listen: formatAddress({ host: own.host ?? "0.0.0.0", port }),
      limits,
      ...(server.coin_id !== undefined && { coinId: server.coin_id }),
      ...(server.admin_key !== undefined && { adminKey: server.admin_key }),
      ...(server.udp_effective_payload !== undefined && { datagramBytesMax: server.udp_effective_payload }),
      ...(own.profile !== undefined && { profile: own.profile }),
      ...(own.threshold !== undefined && { threshold: own.threshold }),
      ...(own.ticket_slots !== undefined && { ticketSlots: own.ticket_slots }),
      ...(own.type45_layout !== undefined && { type45Layout: own.type45_layout }),
      ...(own.kinds !== undefined && { kinds: own.kinds }),
      ...(own.tickets_per_prefix_max !== undefined && { ticketsPerPrefixMax: own.tickets_per_prefix_max }),
      ...(own.fixes_max !== undefined && { fixesMax: own.fixes_max }),
      ...(own.fixes_per_prefix_max !== undefined && { fixesPerPrefixMax: own.fixes_per_prefix_max }),
    },
    data: pathOf(own.data),
    keyCoins: pathOf(own.key_coins),
    workers: own.workers ?? 0,
    logLevel: own.log_level ?? "info",
    logFile: pathOf(own.log_file),
    ignored: file.keysOf("server").filter((key) => IGNORED_KEYS.includes(key)),
  };
}

function limitsOf(given: Readonly<Record<string, number | undefined>>): Partial<Limits> {
  const known = Object.keys(DEFAULT_LIMITS).map((name) => [name, given[snakeCase(name)]] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
