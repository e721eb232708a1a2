/** Scenarios of consensus: files that drive cores by hand, step by step, and say what has to be seen. */
export type { Failure, MemberView, MessageKind, MessageView, Observation, Position } from "./form.js";
export { runRaftScenario } from "./run.js";
