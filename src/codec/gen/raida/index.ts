// Generated from spec/raida by `specwire gen`; do not edit.
export * from "./auth.js";
export * from "./codes.js";
export * from "./coin_files.js";
export * from "./common.js";
export * from "./framing.js";
export * from "./header.js";
export * from "./healing.js";
export * from "./key_exchange.js";
export * from "./key_halves.js";
export * from "./locker.js";
export * from "./pages.js";
export * from "./status.js";
