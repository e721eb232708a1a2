// Generated from spec/dht by `specwire gen`; do not edit.
export * from "./disk.js";
export * from "./payload.js";
