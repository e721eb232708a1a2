// Generated from spec/dht by `specwire gen`; do not edit.
export * from "./payload.js";
