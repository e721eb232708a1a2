// Generated from spec/rpc by `specwire gen`; do not edit.
export * from "./frame.js";
export * from "./rpc.js";
