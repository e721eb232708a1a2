/** The option `raft serve --force-new-cluster`: the last way out when a majority of a cluster is lost for good. */
import { toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { forceNewCluster as force } from "../../protocols/raft/offline/force-new-cluster.js";
import type { MemberId } from "../../protocols/raft/index.js";
import { timesOf } from "../../protocols/raft/timing.js";
import { openSegmentDisk } from "../../storage/index.js";
import type { ClusterFile } from "./config.js";
import { hasSegments } from "./log.js";

/**
 * Makes the folder of the only member of a new cluster, and says on standard error what is lost.
 * @throws WireError `argument` for a folder that has anything in it, or a file of more than this member
 */
export async function forceNewCluster(
  lost: string,
  data: string,
  { clusterId, timing, members }: ClusterFile,
  member: MemberId,
  takeLock: boolean,
): Promise<void> {
  const [only, ...others] = members;
  if (only?.member !== member || others.length > 0) {
    throw argumentError("raft", "config", `a new cluster of member ${member} alone, see raft init`);
  }
  if (!hasSegments(lost)) {
    throw argumentError("raft", "force-new-cluster", "the folder of a member", JSON.stringify(lost));
  }
  // Its holder may have run on a machine that is lost as well.
  const old = await openSegmentDisk({ folder: lost, takeLock });
  try {
    const fresh = await openSegmentDisk({ folder: data, takeLock });
    try {
      const life = new DataView(crypto.getRandomValues(new Uint8Array(8)).buffer).getBigUint64(0);
      const options = timesOf(timing);
      const report = await force(old, fresh, { clusterId, member, address: only.address, life, options });
      const { from, last, committed } = report;
      const unsure = last.index - committed;
      for (const line of [
        `a new cluster ${toHex(clusterId)} of member ${member} alone begins with what member ${from.member} of cluster ${toHex(from.clusterId)} had`,
        `kept: entries up to ${last.index} of term ${last.term}; lost: all that others had acknowledged behind it`,
        ...(unsure > 0 ? [`not known to be committed, but kept: ${unsure} of these, behind entry ${committed}`] : []),
        "no other member of the lost cluster may be started again: add new ones, with empty folders",
      ]) {
        console.error(`specwire: ${line}`);
      }
    } finally {
      await fresh.close();
    }
  } finally {
    await old.close();
  }
}
