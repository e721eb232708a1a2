/** The simulator: hosts on a virtual clock, a faulty network and slow disks, with repeatable runs. */
export { VirtualClock } from "./clock.js";
export { VirtualDisk, type VirtualDiskOptions } from "./disk.js";
export { FaultFiles, type FileCall } from "./fault-files.js";
export { drawFaults, FAULT_CEILINGS, healed, NO_FAULTS, type Faults } from "./faults.js";
export { fuzzCodec, type FuzzCodecOptions, type FuzzCodecReport, type FuzzedCodec } from "./fuzz-codec.js";
export { FuzzError, type FuzzOptions } from "./fuzz-failure.js";
export { fuzzMachine, type FuzzMachineOptions, type FuzzMachineReport } from "./fuzz-machine.js";
export type { FuzzSources } from "./fuzz-actions.js";
export {
  checkLinearizable,
  REGISTERS,
  type LinearizabilityReport,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
  type SequentialModel,
} from "./linearizability.js";
export {
  drawMessageFaults,
  MESSAGE_FAULT_CEILINGS,
  MessageNetwork,
  NO_MESSAGE_FAULTS,
  type MessageFaults,
  type MessageHandler,
  type MessageNetworkOptions,
} from "./message-network.js";
export { mutateBytes, type Seeds } from "./mutations.js";
export { runRaftScenario, type Observation } from "../protocols/raft/scenario/index.js";
export { Random } from "./random.js";
export { replayCommand } from "./runs.js";
export { checkScript, playScript, ScriptError } from "./script.js";
export { simulate, type SimulateOptions } from "./simulate.js";
export { Simulation, type SimulationOptions } from "./simulation.js";
export { SimulationError } from "./simulation-error.js";
export { SteppedMachine, type SteppedMachineOptions } from "./stepped-machine.js";
export { SimulatedHost, type SimulatedHostOptions, type SimulationCall } from "./simulated-host.js";
