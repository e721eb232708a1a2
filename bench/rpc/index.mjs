/** RPC messages against protobuf-es and the static code of protobufjs. */
import { messageCells } from "./messages.mjs";

export const cells = messageCells();
