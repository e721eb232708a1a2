// Generated from spec/raft by `specwire gen`; do not edit.
export * from "./entries.js";
export * from "./snapshots.js";
