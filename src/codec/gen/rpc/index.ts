// Generated from spec/rpc by `specwire gen`; do not edit.
export * from "./answer_status.js";
export * from "./file_server.js";
export * from "./frame.js";
export * from "./rpc.js";
