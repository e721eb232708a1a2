/** What the founders of a cluster agree on before it exists. */
import { parseAddress } from "../../address.js";
import { concatBytes } from "../../bytes/index.js";
import { encodeClusterConfig, MemberRole, type ClusterConfig } from "../../codec/gen/raft/index.js";
import { argumentError } from "../../errors.js";
import { sha256 } from "../../kernel/index.js";
import { rulesOf, type RaftCoreOptions } from "./core/options.js";
import type { RaftFounder } from "./types.js";

const VOTERS_MAX = 9;
const CLUSTER_ID_BYTES = 8;
const DRAWN_BYTES = 16;

/** The first configuration, equal at each founder: all of them vote. @throws WireError `argument` */
export function foundingConfig(founders: readonly RaftFounder[], options: RaftCoreOptions = {}): ClusterConfig {
  // A caller without types may give anything.
  if (!Array.isArray(founders)) throw argumentError("raft", "founders", "a list of members", typeof founders);
  const ids = new Set(founders.map(({ member }) => member));
  const isValid = [...ids].every((member) => Number.isSafeInteger(member) && member > 0);
  if (!isValid || ids.size !== founders.length || ids.size < 1 || ids.size > VOTERS_MAX) {
    throw argumentError("raft", "founders", `1 to ${VOTERS_MAX} members, each once`, String(founders.length));
  }
  for (const [i, { address }] of founders.entries()) {
    parseAddress(address, "raft", `founders[${i}].address`);
    // Each would refuse what is for the other, and shut its link.
    const isShared = founders.findIndex((other) => other.address === address) !== i;
    if (isShared) throw argumentError("raft", `founders[${i}].address`, "an address that no other member has", address);
  }
  const { electionMs, clockDriftMax } = rulesOf(options);
  const members = founders
    .toSorted((a, b) => a.member - b.member)
    .map(({ member, address }) => ({ member, role: MemberRole.voter, life: 0n, node: new Uint8Array(20), address }));
  const [electionLoMs, electionHiMs] = electionMs;
  return { electionLoMs, electionHiMs, driftPermille: Math.round(clockDriftMax * 1000), members };
}

/**
 * The id of a cluster: it depends on the founders, so that members which were told different ones never meet.
 * @param drawn 16 random bytes, the same for all founders
 */
export function clusterIdOf(config: ClusterConfig, drawn: Uint8Array): Uint8Array {
  if (drawn.length !== DRAWN_BYTES) throw argumentError("raft", "drawn", `${DRAWN_BYTES} bytes`, `${drawn.length}`);
  return sha256(concatBytes(encodeClusterConfig(config), drawn)).slice(0, CLUSTER_ID_BYTES);
}
