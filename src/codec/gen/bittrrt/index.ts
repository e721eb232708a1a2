// Generated from spec/bittrrt by `specwire gen`; do not edit.
export * from "./frame.js";
export * from "./handshake.js";
