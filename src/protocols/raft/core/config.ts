/** Who belongs to a cluster, and how many of them are a majority. */
import { MemberRole, type ClusterConfig, type ClusterMember } from "../../../codec/gen/raft/index.js";
import type { MemberId } from "./messages.js";

/** Members that vote, ascending. */
export function votersOf(config: ClusterConfig | undefined): MemberId[] {
  return idsOf(config, MemberRole.voter);
}

/** Members that only follow, ascending. */
export function learnersOf(config: ClusterConfig | undefined): MemberId[] {
  return idsOf(config, MemberRole.learner);
}

export function memberOf(config: ClusterConfig | undefined, member: MemberId): ClusterMember | undefined {
  return config?.members.find((one) => one.member === member);
}

export function isVoter(config: ClusterConfig | undefined, member: MemberId): boolean {
  return memberOf(config, member)?.role === MemberRole.voter;
}

/** The least number of voters of which any two sets share one. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** The greatest value that a majority has reached. */
export function reachedByMajority(values: readonly number[]): number {
  const majority = majorityOf(values.length);
  let reached = -Infinity;
  for (const value of values) if (value > reached && countFrom(value, values) >= majority) reached = value;
  return reached;
}

function countFrom(least: number, values: readonly number[]): number {
  let count = 0;
  for (const value of values) if (value >= least) count++;
  return count;
}

function idsOf(config: ClusterConfig | undefined, role: MemberRole): MemberId[] {
  return (config?.members ?? []).filter((one) => one.role === role).map(({ member }) => member);
}
