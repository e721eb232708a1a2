// Generated from spec/disk by `specwire gen`; do not edit.
export * from "./log.js";
export * from "./removal.js";
export * from "./segment.js";
