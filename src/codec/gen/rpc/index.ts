// Generated from spec/rpc by `specwire gen`; do not edit.
export * from "./answers.js";
export * from "./file_server.js";
export * from "./frame.js";
export * from "./rpc.js";
