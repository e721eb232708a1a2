/** The file of a cluster: its id, its times and the addresses of its founders. */
import { fromHex, toHex } from "../../bytes/index.js";
import { formatAddress, parseAddress } from "../../address.js";
import { argumentError } from "../../errors.js";
import type { RaftFounder, RaftTiming } from "../../protocols/raft/node.js";
import { TomlFile, type Keys } from "../toml.js";

/** What the members and clients of a cluster agree on. */
export interface ClusterFile {
  /** 8 bytes. */
  readonly clusterId: Uint8Array;
  readonly timing: RaftTiming;
  readonly members: readonly RaftFounder[];
}

const TIMINGS: readonly RaftTiming[] = ["lan", "wan"];
const CLUSTER = {
  id: {
    expected: "16 hex digits",
    read: (value: unknown) => (typeof value === "string" && value.length === 16 ? fromHex(value) : undefined),
  },
  timing: { expected: "lan or wan", read: (value: unknown) => TIMINGS.find((timing) => timing === value) },
} as const satisfies Keys;
const ADDRESS = { expected: '"host:port"', read: (value: unknown) => (isAddress(value) ? value : undefined) };

/** Reads a file that `raft init` has made, or anyone else. @throws WireError `argument` with the line */
export function readCluster(path: string): ClusterFile {
  const file = TomlFile.open(path, "a file that `specwire raft init` makes");
  file.checkTables(["cluster", "members"]);
  const { id, timing = "lan" } = file.read("cluster", CLUSTER);
  if (id === undefined) throw file.issue("cluster", "id", CLUSTER.id.expected);
  const names = file.keysOf("members");
  const addresses = file.read("members", Object.fromEntries(names.map((name) => [name, ADDRESS])));
  const members = names.map((name) => ({ member: memberIdOf("members", name), address: addresses[name]! }));
  if (members.length === 0) throw file.issue("members", "", "one member or more");
  return { clusterId: id, timing, members };
}

/** The text of a file. */
export function clusterText({ clusterId, timing, members }: ClusterFile): string {
  const lines = members.map(({ member, address }) => `${member} = ${JSON.stringify(address)}`);
  return `[cluster]\nid = "${toHex(clusterId)}"\ntiming = "${timing}"\n\n[members]\n${lines.join("\n")}\n`;
}

/** Reads the id of a member. @throws WireError `argument` */
export function memberIdOf(path: string, text: string): number {
  const id = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(id)) return id;
  throw argumentError("raft", path, "the id of a member, 1 to 2^53 - 1", JSON.stringify(text));
}

/** Reads `id=host:port`. @throws WireError `argument` */
export function founderOf(text: string): RaftFounder {
  const at = text.indexOf("=");
  if (at < 0) throw argumentError("raft", "member", "id=host:port", JSON.stringify(text));
  const address = formatAddress(parseAddress(text.slice(at + 1), "raft", "member"));
  return { member: memberIdOf("member", text.slice(0, at)), address };
}

function isAddress(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    parseAddress(value, "raft", "members");
    return true;
  } catch {
    return false;
  }
}
