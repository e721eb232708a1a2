/** From a configuration to the options of a server: the files that it names are read here. */
import { isWireError } from "../../errors.js";
import type { StartDpsServerOptions } from "../../protocols/dps/node.js";
import { tls, type Transport } from "../../transport/index.js";
import { keyOf } from "../chain/common.js";
import { readFile } from "../input.js";
import type { DpsConfig } from "./config.js";

const MIB = 1024 * 1024;
const MS_PER_SECOND = 1_000;

/** The options of a server. @throws WireError `argument` with the line for a file that cannot be used */
export function checkedOptions(config: DpsConfig): StartDpsServerOptions {
  const { server, dht, raft, store, chain, limits } = config;
  const key = at(config, "chain", "key_file", () => keyOf(chain.keyFile));
  return {
    folder: server.data,
    listen: server.listen,
    address: server.address,
    profile: server.profile,
    framing: server.framing,
    ...(server.id && { id: server.id }),
    bootstrap: dht.bootstrap,
    k: dht.k,
    alpha: dht.alpha,
    copiesMin: dht.copiesMin,
    ...(dht.allowLoopback !== undefined && { allowLoopback: dht.allowLoopback }),
    ...(dht.allowPrivate !== undefined && { allowPrivate: dht.allowPrivate }),
    ...(raft.listen !== undefined && { raftListen: raft.listen }),
    clusterId: raft.clusterId,
    memberId: raft.member,
    ...(raft.members === undefined ? { joining: true } : { members: raft.members }),
    electionMs: raft.electionMs,
    heartbeatMs: raft.heartbeatMs,
    reads: raft.reads,
    ttlSeconds: store.ttlSeconds,
    chunkTtlSeconds: store.chunkTtlSeconds,
    repairEveryMs: store.repairEverySeconds * MS_PER_SECOND,
    chunkCacheBytesMax: store.chunkCacheMib * MIB,
    backupEveryMs: chain.backupEverySeconds * MS_PER_SECOND,
    hash: chain.hash,
    ...(key && { key }),
    limits,
    ...transportOf(config),
  };
}

/** How a server or a client of a configuration reaches others: nothing to say without TLS. */
export function transportOf(config: DpsConfig): { readonly transport?: Transport; readonly datagrams?: boolean } {
  const { tls: paths } = config;
  if (paths === undefined) return {};
  const [authorities, certificate, key] = (
    [
      ["tls_ca", paths.authorities],
      ["tls_cert", paths.certificate],
      ["tls_key", paths.key],
    ] as const
  ).map(([name, path]) => at(config, "server", name, () => readFile(path)));
  // Both ends prove who they are, and datagrams would prove nothing.
  const load = (): Transport => tls({ authorities: authorities!, certificate: certificate!, key: key!, mutual: true });
  return { transport: at(config, "server", "tls_cert", load), datagrams: false };
}

/** Uses a file that a key names: a failure is told at the line of the key, without what the file holds. */
function at<T>(config: DpsConfig, table: string, key: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isWireError(error)) throw error;
    const { expected = "a usable file", actual } = error;
    throw config.issue(table, key, expected === "hex digits or a file" ? "a file" : expected, actual);
  }
}
