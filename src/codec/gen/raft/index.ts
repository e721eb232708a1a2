// Generated from spec/raft by `specwire gen`; do not edit.
export * from "./entries.js";
export * from "./kv.js";
export * from "./messages.js";
export * from "./segments.js";
export * from "./snapshots.js";
