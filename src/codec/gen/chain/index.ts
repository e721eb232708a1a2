// Generated from spec/chain by `specwire gen`; do not edit.
export * from "./backup.js";
export * from "./records.js";
export * from "./sync.js";
