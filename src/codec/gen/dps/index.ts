// Generated from spec/dps by `specwire gen`; do not edit.
export * from "./files.js";
