/** The state of a member as others may see it. */
import type { RaftCore } from "./core/core.js";
import type { RaftStatus } from "./types.js";

/** The member at this moment. */
export function statusOf(
  core: RaftCore,
  about: Pick<RaftStatus, "badMessages" | "fault" | "counters" | "latencies">,
): RaftStatus {
  const { terms: _terms, storing: _storing, ...view } = core.view();
  const { member, config } = core.state;
  const addresses = Object.fromEntries((config?.members ?? []).map((one) => [one.member, one.address]));
  return { member, ...view, leaderAddress: addresses[view.leader] ?? "", addresses, ...about };
}
