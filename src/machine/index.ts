/** The contract between a protocol's rules and the world around them. */
export type { CallId, Effect, Env, Event, LinkId, LogLevel, Machine, Millis, OpId, UnixNs } from "./types.js";
