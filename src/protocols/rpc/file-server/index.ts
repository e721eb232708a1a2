/** The protocol of a small file server: client and server as machines. */
export { FileClient, type FileClientCall, type FileClientValue, type FileRequestCall } from "./client-machine.js";
export type { FileClientOptions } from "./client-options.js";
export type { ListedFile } from "./listing.js";
export { FILE_SERVER_MACHINES } from "./machines.js";
export type { ServedRequest } from "./request-reader.js";
export type { ServedFileId } from "./rules.js";
export {
  FileServer,
  type FileServerCall,
  type FileServerEvent,
  type FileServerOptions,
  type FileServerReply,
  type FileServerValue,
} from "./server-machine.js";
export type { ServedStore } from "./store.js";
