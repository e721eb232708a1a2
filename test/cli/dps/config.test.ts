/** `dps.toml`: what is read, what is refused and at which line, and the text that `dps init` writes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { configText } from "../../../src/cli/dps/config-text.js";
import { LIMIT_KEYS } from "../../../src/cli/dps/config-limits.js";
import { addressesIn, readDpsConfig } from "../../../src/cli/dps/config.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { DISK_QUEUE_BYTES_MAX } from "../../../src/protocols/dps/server/options/node.js";
import { issueOf } from "../../support/issue-of.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-dps-config-"));
const path = join(folder, "dps.toml");
afterAll(() => rmSync(folder, { recursive: true }));

const CLUSTER = "0102030405060708";
const RAFT = `[raft]\ncluster = "${CLUSTER}"\nmember = 1\nmembers = ["1@127.0.0.1:7100", "2@127.0.0.1:7101"]\n`;
const LEAST = `[server]\nlisten = "127.0.0.1:7100"\ndata = "node"\n${RAFT}`;

function read(text: string): ReturnType<typeof readDpsConfig> {
  writeFileSync(path, text);
  return readDpsConfig(path);
}

describe("a configuration", () => {
  it("has a default for every key but those that nobody could guess", () => {
    expect(read(LEAST)).toMatchObject({
      server: {
        id: undefined,
        listen: "127.0.0.1:7100",
        address: "127.0.0.1:7100",
        data: join(folder, "node"),
        log: "info",
        logFile: undefined,
        profile: "strict",
        framing: "uint32be",
      },
      tls: undefined,
      metrics: undefined,
      dht: { bootstrap: ["127.0.0.1:7101"], k: 20, alpha: 3, copiesMin: 3 },
      raft: { member: 1, electionMs: [150, 300], heartbeatMs: 50, reads: "readIndex" },
      store: { ttlSeconds: 86_400, chunkTtlSeconds: 86_400, repairEverySeconds: 600, chunkCacheMib: 64 },
      chain: { backupEverySeconds: 600, hash: "gob", keyFile: undefined },
      limits: {},
    });
  });

  it("says all of it", () => {
    const text = `
[server]
id = "${"0a".repeat(20)}"
listen = "0.0.0.0:7100"
address = "example.org:7100"
data = "data"
log = "debug"
log_file = "logs/dps.log"
profile = "reference"
framing = "uint16be"
tls_ca = "ca.pem"
tls_cert = "cert.pem"
tls_key = "key.pem"
metrics_port = 9464
metrics_host = "::1"
[dht]
bootstrap = ["10.0.0.1:1"]
k = 8
alpha = 2
copies_min = 2
allow_loopback = true
allow_private = false
[raft]
listen = "0.0.0.0:7200"
cluster = "${CLUSTER}"
member = 9
joining = true
election_ms = [900, 1000]
heartbeat_ms = 300
reads = "lease"
[store]
ttl_seconds = 0
chunk_ttl_seconds = 60
repair_every_s = 1
chunk_cache_mib = 1
[chain]
backup_every_s = 1
hash = "canonical"
key_file = "chain.key"
[limits]
frame_mib = 16
links = 10
linger_ms = 5000
`;
    const config = read(text);
    expect(config).toMatchObject({
      server: { id: new Uint8Array(20).fill(10), address: "example.org:7100", logFile: join(folder, "logs/dps.log") },
      tls: { authorities: join(folder, "ca.pem"), certificate: join(folder, "cert.pem"), key: join(folder, "key.pem") },
      metrics: "[::1]:9464",
      dht: { bootstrap: ["10.0.0.1:1"], allowLoopback: true, allowPrivate: false },
      raft: { listen: "0.0.0.0:7200", members: undefined, electionMs: [900, 1000], reads: "lease" },
      store: { ttlSeconds: 0 },
      chain: { hash: "canonical", keyFile: join(folder, "chain.key") },
      limits: { frameBytesMax: 16 * 1024 * 1024, linksMax: 10, lingerTimeoutMs: 5_000 },
    });
    expect(addressesIn(config)).toEqual(["example.org:7100"]);
  });

  const server = (line: string): string => `[server]\nlisten = "127.0.0.1:7100"\ndata = "node"\n${line}\n${RAFT}`;
  const raft = (lines: string): string => `[server]\nlisten = "127.0.0.1:7100"\ndata = "node"\n[raft]\n${lines}\n`;
  const most = `cluster = "${CLUSTER}"\nmember = 1`;

  it.each([
    ["an unknown key", server("lissten = 1"), "server.lissten", 4],
    ["an unknown key of limits", `${LEAST}[limits]\nlinks_max = 1\n`, "limits.links_max", 9],
    ["an unknown table", `${LEAST}[serve]\n`, "serve", 8],
    ["a key of the top", `k = 20\n${LEAST}`, "k", 1],
    ["a value in the place of a table", `server = 7\n`, "server", 1],
    ["tables in the place of a table", `${LEAST}[[dht]]\nk = 20\n`, "dht", 8],
    ["text that is no TOML", `[server\n`, "", 1],
    ["a key given twice", `[server]\nlisten = "127.0.0.1:7100"\nlisten = "127.0.0.1:7101"\n`, "", 3],
    ["a text in the place of a number", `${LEAST}[dht]\nk = "20"\n`, "dht.k", 9],
    ["a fraction", `${LEAST}[dht]\nk = 20.5\n`, "dht.k", 9],
    ["no number", `${LEAST}[dht]\nk = nan\n`, "dht.k", 9],
    ["an infinite number", `${LEAST}[limits]\nlinks = inf\n`, "limits.links", 9],
    ["a negative number", `${LEAST}[limits]\nlinks = -1\n`, "limits.links", 9],
    ["a number beyond its bound", `${LEAST}[limits]\nframe_mib = 1025\n`, "limits.frame_mib", 9],
    ["a text in the place of true", `${LEAST}[dht]\nallow_loopback = "yes"\n`, "dht.allow_loopback", 9],
    ["a port 0", server(`address = "127.0.0.1:0"`), "server.address", 4],
    ["another address than the members know", server(`address = "127.0.0.1:7109"`), "server.address", 4],
    ["an id of another length", server(`id = "00"`), "server.id", 4],
    ["a part of TLS", server(`tls_ca = "ca.pem"`), "server.tls_cert", 1],
    ["a host for metrics without a port", server(`metrics_host = "::1"`), "server.metrics_port", 1],
    ["a port in the host for metrics", server(`metrics_host = "::1]:80"\nmetrics_port = 1`), "server.metrics_host", 4],
    ["no host for metrics", server(`metrics_port = 1\nmetrics_host = "http://a"`), "server.metrics_host", 5],
    ["blanks as host for metrics", server(`metrics_host = "a b"\nmetrics_port = 1`), "server.metrics_host", 4],
    ["metrics where it listens", server(`metrics_port = 7100`), "server.metrics_port", 4],
    ["more copies than contacts", `${LEAST}[dht]\nk = 2\nalpha = 1\ncopies_min = 3\n`, "dht.copies_min", 11],
    ["more requests than contacts", `${LEAST}[dht]\nk = 3\nalpha = 4\n`, "dht.alpha", 10],
    ["no listen", `[server]\ndata = "node"\n${RAFT}`, "server.listen", 1],
    ["no data", `[server]\nlisten = "127.0.0.1:7100"\n${RAFT}`, "server.data", 1],
    ["no cluster", raft(`member = 1\nmembers = ["1@127.0.0.1:7100"]`), "raft.cluster", 4],
    ["a cluster of another length", raft(`cluster = "01"\nmember = 1\njoining = true`), "raft.cluster", 5],
    ["no member", raft(`cluster = "${CLUSTER}"\njoining = true`), "raft.member", 4],
    ["neither members nor joining", raft(most), "raft.members", 4],
    ["members and joining", raft(`${most}\nmembers = ["1@127.0.0.1:7100"]\njoining = true`), "raft.members", 7],
    ["no members", raft(`${most}\nmembers = []`), "raft.members", 7],
    ["a member without an address", raft(`${most}\nmembers = ["1"]`), "raft.members", 7],
    ["a member 0", raft(`${most}\nmembers = ["0@127.0.0.1:7100"]`), "raft.members", 7],
    ["a member twice", raft(`${most}\nmembers = ["1@127.0.0.1:7100", "1@127.0.0.1:7101"]`), "raft.members", 7],
    ["an address twice", raft(`${most}\nmembers = ["1@127.0.0.1:7100", "2@127.0.0.1:7100"]`), "raft.members", 7],
    ["an address in two ways", raft(`${most}\nmembers = ["1@a:7100", "2@A:07100"]`), "raft.members", 7],
    ["a member that is none", raft(`${most}\nmembers = ["2@127.0.0.1:7100"]`), "raft.member", 6],
    ["times out of order", raft(`${most}\njoining = true\nelection_ms = [300, 150]`), "raft.election_ms", 8],
    ["one time", raft(`${most}\njoining = true\nelection_ms = [300]`), "raft.election_ms", 8],
    ["slow heartbeats", raft(`${most}\njoining = true\nheartbeat_ms = 51`), "raft.heartbeat_ms", 8],
    [
      "a time to live that the DHT refuses",
      `${LEAST}[store]\nchunk_ttl_seconds = 172801\n`,
      "store.chunk_ttl_seconds",
      9,
    ],
    ["records elsewhere", `${LEAST}[store]\nmetadata = "etcd://a:2379"\n`, "store.metadata", 9],
    ["chunks elsewhere", `${LEAST}[store]\nchunks = "nats://a:4222"\n`, "store.chunks", 9],
    ["another hash", `${LEAST}[chain]\nhash = "md5"\n`, "chain.hash", 9],
  ])("is refused with file and line for %s", (_, text, key, line) => {
    const issue = issueOf(() => read(text));
    expect(issue).toMatchObject({ code: "argument", format: "config", path: key, spec: `${path}:${line}` });
  });

  it("is refused with its line where it is no UTF-8, in a comment too", () => {
    for (const wrong of [[0xff], [0xc3], [0xed, 0xa0, 0x80]]) {
      const commented = [...Buffer.from(`${LEAST}# caf`), ...wrong];
      for (const bytes of [commented, [...commented, ...Buffer.from("\n[dht]\nk = 20\n")]]) {
        writeFileSync(path, Uint8Array.from(bytes));
        const issue = issueOf(() => readDpsConfig(path));
        expect(issue).toMatchObject({ code: "argument", format: "config", expected: "UTF-8", spec: `${path}:8` });
      }
    }
    expect(read(`\ufeff# Grüße aus Köln\n${LEAST}`).raft.member).toBe(1);
  });

  it("says how files of another back end come into a cluster", () => {
    const { expected } = issueOf(() => read(`${LEAST}[store]\nmetadata = "etcd://a:2379"\n`));
    expect(expected).toBe("none: specwire store migrate --from-metadata URL, then dps serve --publish");
  });

  it("shows no value that it refuses, for it may be secret", () => {
    const secret = "hunter2hunter2";
    const { message } = issueOf(() => read(`${LEAST}[chain]\nkey = "${secret}"\n`)) as unknown as Error;
    expect(message).toContain("chain.key");
    expect(message).not.toContain(secret);
  });

  it("takes no server of the DHT from members that name a port of their own for Raft", () => {
    const text = `${LEAST}listen = "127.0.0.1:7200"\n`;
    expect(read(text)).toMatchObject({ dht: { bootstrap: [] }, server: { address: "127.0.0.1:7100" } });
  });
});

describe("the text of a new one", () => {
  const members = [1, 2, 3].map((member) => ({ member, address: `10.0.0.${member}:7100` }));
  const config = { clusterId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), member: 2, members, data: "./node" };

  it("is read", () => {
    const found = read(configText(config));
    expect(found).toMatchObject({
      server: { listen: "10.0.0.2:7100", data: join(folder, "node") },
      dht: { bootstrap: ["10.0.0.1:7100", "10.0.0.3:7100"], copiesMin: 3 },
      raft: { clusterId: config.clusterId, member: 2, members, electionMs: [150, 300], heartbeatMs: 50 },
    });
    expect(addressesIn(found)).toEqual(["10.0.0.2:7100", "10.0.0.1:7100", "10.0.0.3:7100"]);
    const slow = { ...config, electionMs: [1_000, 2_000] as const, heartbeatMs: 100, logFile: "dps.log" };
    expect(read(configText(slow))).toMatchObject({
      server: { logFile: join(folder, "dps.log") },
      raft: { electionMs: [1_000, 2_000], heartbeatMs: 100 },
    });
  });

  it("shows every key, and its default", () => {
    const before = read(configText(config));
    const shown = configText(config)
      .replaceAll(/^# ((?!joining|listen|bootstrap|id |address|tls|key_file|log_file|metrics)[a-z_]+ = )/gm, "$1")
      .replaceAll(/^# metrics_(host|port)/gm, "metrics_$1");
    const { issue: _, metrics, limits, ...after } = read(shown);
    const { issue: __, metrics: none, limits: unset, ...given } = before;
    expect(none).toBeUndefined();
    expect(unset).toEqual({});
    expect(metrics).toBe("127.0.0.1:9464");
    expect(after).toEqual({ ...given, dht: { ...given.dht, allowLoopback: true } });
    expect(Object.keys(limits)).toHaveLength(Object.keys(LIMIT_KEYS).length);
    // A server has some of its own.
    const defaults = { ...DEFAULT_LIMITS, diskQueueBytesMax: DISK_QUEUE_BYTES_MAX };
    expect(defaults).toMatchObject(limits);
  });
});
