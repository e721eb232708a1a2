/** The group `bittrrt`. */
import { frameCells } from "./frames.mjs";
import { handshakeCell } from "./handshake.mjs";
import { heartbeatCells } from "./heartbeats.mjs";

export const cells = [...frameCells(), handshakeCell(), ...heartbeatCells()];
