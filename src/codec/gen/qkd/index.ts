// Generated from spec/qkd by `specwire gen`; do not edit.
export * from "./bundle.js";
export * from "./envelope.js";
export * from "./envelope_header.js";
export * from "./reservation.js";
