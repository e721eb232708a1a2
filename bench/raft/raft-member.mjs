/** A member of ours as a process: TCP, a folder or a disk in memory, keys and values. */
import { KvState, decodeKv, encodeKv } from "specwire/raft";
import { startRaftMember } from "specwire/raft/node";
import { memoryDisk } from "specwire/storage";
import { answerState } from "./state.mjs";

const { member, addresses, listen, folder } = JSON.parse(process.argv[2]);
let commands = 0;
let state;

/** Counts what it applies. */
class CountedState extends KvState {
  apply(command) {
    commands++;
    return super.apply(command);
  }
}

const running = await startRaftMember({
  clusterId: Uint8Array.from({ length: 8 }, (_, i) => i + 1),
  memberId: member,
  listen,
  ...(member > addresses.length
    ? { joining: true }
    : { members: addresses.map((address, i) => ({ member: i + 1, address })) }),
  stateMachine: () => (state = new CountedState()),
  // On a busy machine, times of a LAN would measure elections.
  timing: process.env.SPECWIRE_BENCH_TIMING ?? "wan",
  reads: "lease",
  ...(folder === undefined ? { disk: memoryDisk() } : { folder }),
});
answerState(
  (key) => {
    const { code, value } = decodeKv(state.query(encodeKv({ op: "get", key })));
    return code === 0 ? value : undefined;
  },
  () => commands,
);
process.once("disconnect", () => running.stop().then(() => process.exit(0)));
process.send("ready");
