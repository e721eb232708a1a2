/** Every scenario of this folder holds, and the recorded names are all there. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runRaftScenario } from "../../../src/testing/index.js";

interface Scenario {
  readonly name: string;
  readonly steps: readonly unknown[];
}

const folder = new URL("scenarios/", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => ({ name, scenarios: JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Scenario[] }));

describe.each(files)("$name", ({ scenarios }) => {
  test.each(scenarios)("$name", (scenario) => {
    const observations = runRaftScenario(scenario);
    const { step, failure } = observations.at(-1)!;
    if (failure !== undefined)
      expect.fail(`step ${step} ${JSON.stringify(scenario.steps[step - 1])}: ${JSON.stringify(failure)}`);
    expect(observations).toHaveLength(scenario.steps.length);
  });

  test("checks something in every scenario", () => {
    const isChecked = (step: object) => ["refused", "expect", "messages", "fault"].some((name) => name in step);
    expect(scenarios.filter(({ steps }) => !(steps as object[]).some(isChecked)).map(({ name }) => name)).toEqual([]);
  });
});

/** Tests and recorded interactions of etcd and hashicorp whose subject has to be among the scenarios. */
const NAMES = `
FollowerUpdateTermFromMessage CandidateUpdateTermFromMessage LeaderUpdateTermFromMessage RejectStaleTermMessage
StartAsFollower LeaderBcastBeat FollowerStartElection CandidateStartNewElection LeaderElectionInOneRoundRPC FollowerVote
CandidateFallback FollowerElectionTimeoutRandomized CandidateElectionTimeoutRandomized
FollowersElectionTimeoutNonconflict CandidatesElectionTimeoutNonconflict LeaderStartReplication LeaderCommitEntry
LeaderAcknowledgeCommit LeaderCommitPrecedingEntries FollowerCommitEntry FollowerCheckMsgApp FollowerAppendEntries
LeaderSyncFollowerLog VoteRequest Voter LeaderOnlyCommitsLogFromCurrentTerm

LeaderElection LeaderElectionPreVote LeaderCycle LeaderCyclePreVote LeaderElectionOverwriteNewerLogs
LeaderElectionOverwriteNewerLogsPreVote VoteFromAnyState PreVoteFromAnyState DuelingCandidates DuelingPreCandidates
CandidateConcede SingleNodeCandidate SingleNodePreCandidate OldMessages CandidateResetTermMsgHeartbeat
CandidateResetTermMsgApp CandidateSelfVoteAfterLostElection CandidateSelfVoteAfterLostElectionPreVote AllServerStepdown
CampaignWhileLeader NodeWithSmallerTermCanCompleteElection PreVoteWithSplitVote PreVoteWithCheckQuorum
PreVoteMigrationCanCompleteElection PreVoteMigrationWithFreeStuckPreCandidate

LeaderStepdownWhenQuorumActive LeaderStepdownWhenQuorumLost LeaderSupersedingWithCheckQuorum
LeaderElectionWithCheckQuorum FreeStuckCandidateWithCheckQuorum NonPromotableVoterWithCheckQuorum DisruptiveFollower
DisruptiveFollowerPreVote AddNodeCheckQuorum

LogReplication CannotCommitWithoutNewTermEntry CommitWithoutNewTermEntry Commit HandleMsgApp MsgAppRespWaitReset
FastLogRejection LogReplicationWithReorderedMessage LeaderIncreaseNext SendAppendForProgressProbe
SendAppendForProgressReplicate SendAppendForProgressSnapshot RecvMsgUnreachable UncommittedEntryLimit
MsgAppFlowControlFull MsgAppFlowControlMoveForward MsgAppFlowControlRecvHeartbeat RawNodeBoundedLogGrowthWithPartition

SendingSnapshotSetPendingSnapshot PendingSnapshotPauseReplication SnapshotFailure SnapshotSucceed SnapshotAbort Restore
RestoreIgnoreSnapshot RestoreFromSnapMsg SlowNodeRestore ProvideSnap IgnoreProvidingSnap LearnerReceiveSnapshot

ReadOnlyOptionSafe ReadOnlyWithLearner ReadOnlyOptionLease ReadOnlyForNewLeader ReadOnlyDuplicateRequest
NodeReadIndexToOldLeader

LearnerElectionTimeout LearnerPromotion LearnerCanVote LearnerLogReplication StepConfig StepIgnoreConfig
NewLeaderPendingConfig AddNode AddLearner RemoveNode RemoveLearner Promotable CommitAfterRemoveNode TransferNonMember
LeaderTransferToUpToDateNode LeaderTransferToUpToDateNodeFromFollower LeaderTransferWithCheckQuorum
LeaderTransferToSlowFollower LeaderTransferAfterSnapshot LeaderTransferToSelf LeaderTransferToNonExistingNode
LeaderTransferTimeout LeaderTransferIgnoreProposal LeaderTransferReceiveHigherTermVote LeaderTransferRemoveNode
LeaderTransferDemoteNode LeaderTransferBack LeaderTransferSecondTransferToAnotherNode
LeaderTransferSecondTransferToSameNode

async_storage_writes async_storage_writes_append_aba_race campaign campaign_learner_must_vote checkquorum
confchange_v1_add_single confchange_v1_remove_leader confchange_v1_remove_leader_stepdown forget_leader
forget_leader_prevote_checkquorum forget_leader_read_only_lease_based heartbeat_resp_recovers_from_probing
lagging_commit prevote prevote_checkquorum probe_and_replicate replicate_pause single_node
slow_follower_after_compaction snapshot_succeed_via_app_resp snapshot_succeed_via_app_resp_behind vote

LeaderPartitions AddMembership AddRemoveNodesNotLeader RemoveLeader RemovePartitionedNode SlowSendVote SlowRecvVote
FuzzyLeadershipTransfer`.match(/\w+/g)!;

test("scenarios are named after every test of others that applies, and each name stands once", () => {
  const names = files.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  const subjects = new Set(names.map((name) => name.split(" ")[0]));
  expect(NAMES.filter((name) => !subjects.has(name))).toEqual([]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
