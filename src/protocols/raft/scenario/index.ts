/** Scenarios of consensus: files that drive cores by hand, step by step, and say what has to be seen. */
export type { CoreView, Failure, MessageKind, MessageView, Observation, Position, ProgressView } from "./form.js";
export { runRaftScenario } from "./run.js";
