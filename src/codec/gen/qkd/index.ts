// Generated from spec/qkd by `specwire gen`; do not edit.
export * from "./bundles.js";
export * from "./envelope_headers.js";
export * from "./envelopes.js";
export * from "./reservations.js";
