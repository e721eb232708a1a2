/** The text of a new `dps.toml`: every table and key, each with what it is for. */
import { toHex } from "../../bytes/index.js";
import type { RaftFounder } from "../../protocols/raft/node.js";

/** What differs from server to server, and from cluster to cluster. */
export interface NewConfig {
  /** 8 bytes. */
  readonly clusterId: Uint8Array;
  readonly member: number;
  readonly members: readonly RaftFounder[];
  /** The folder of the server. */
  readonly data: string;
  /** Times of elections; by default those of members beside each other. */
  readonly electionMs?: readonly [number, number];
  readonly heartbeatMs?: number;
  /** Default: standard output. */
  readonly logFile?: string;
  /** Default 600. */
  readonly backupEverySeconds?: number;
}

/** The text of the file of one member. */
export function configText(config: NewConfig): string {
  const {
    clusterId,
    member,
    members,
    data,
    electionMs = [150, 300],
    heartbeatMs = 50,
    logFile,
    backupEverySeconds,
  } = config;
  const own = members.find((one) => one.member === member)!.address;
  const quoted = (text: string): string => JSON.stringify(text);
  const founders = members.map((one) => `  ${quoted(`${one.member}@${one.address}`)},`).join("\n");
  const copiesMin = Math.min(3, members.length);
  const byDefault = '# log_file = "dps.log"        # by default standard output';
  const ownLog = logFile === undefined ? byDefault : `log_file = ${quoted(logFile)}`;
  const ownBackups =
    backupEverySeconds === undefined ? "# backup_every_s = 600       " : `backup_every_s = ${backupEverySeconds}`;
  return `# A server of dps: member ${member} of ${members.length}. \`specwire dps check\` says whether this file is sound.
# Lines that begin with # and a key show its default.

[server]
# id = "auto"                 # 40 hex digits; by default drawn at the first start, and kept in the folder
listen = ${quoted(own)}
# address = ${quoted(own)}    # where others reach it, if that is not where it listens
data = ${quoted(data)}            # beside this file; a lost folder needs a new member
# log = "info"                # silent, error, warn, info or debug
${ownLog}
# profile = "strict"
# framing = "uint32be"        # the length in front of a message; all servers agree
# tls_ca = "ca.pem"           # with these three, links are encrypted and both ends prove who they are
# tls_cert = "server.pem"
# tls_key = "server.key"
# metrics_port = 9464         # counters for Prometheus at /metrics; by default nowhere
# metrics_host = "127.0.0.1"

[dht]
# bootstrap = ["host:port"]   # servers to join by; by default the other members
# allow_loopback = true       # contacts on this machine; by default if it is there itself. Also allow_private
# k = 20                      # contacts of a bucket, and servers that keep a chunk
# alpha = 3                   # requests of a lookup at a time
copies_min = ${copiesMin}                # servers that must have a chunk before a put goes on

[raft]
cluster = ${quoted(toHex(clusterId))}  # equal at all members
member = ${member}                    # never given again to another folder
members = [
${founders}
]
# joining = true              # instead of members: waits to be added to a cluster that runs
election_ms = [${electionMs.join(", ")}]
heartbeat_ms = ${heartbeatMs}
# reads = "readIndex"         # or lease, if all members say so
# listen = "host:port"        # a port of its own; members then name that one, and bootstrap the others

[store]
# ttl_seconds = 86400         # how long a file lives that is put without a time of its own; 0 for ever
# chunk_ttl_seconds = 86400   # how long a chunk lives that no record renews
# repair_every_s = 600        # time between two looks for chunks whose holders went
# chunk_cache_mib = 64

[chain]
${ownBackups} # time between blocks of backup, if anything has changed
# hash = "gob"                # or canonical; equal at all members
# key_file = "chain.key"      # 16, 24 or 32 bytes, raw or in hex: encrypts the backups. Equal at all members

[limits]
# frame_mib = 8
# links = 1024
# links_per_prefix = 256
# outgoing_links = 512
# calls = 4096
# write_queue_mib = 4
# disk_queue_mib = 128
# cache_mib = 16
# header_ms = 5000
# frame_ms = 10000
# idle_ms = 30000
# linger_ms = 2000            # how long a stop may take
# call_ms = 10000
`;
}
