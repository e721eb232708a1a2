/** RPC: messages against protobuf-es and the static code of protobufjs; calls against a bare echo and gRPC. */
import { callCells } from "./calls.mjs";
import { messageCells } from "./messages.mjs";

export const cells = [...messageCells(), ...callCells()];
