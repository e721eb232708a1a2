/** The group `cipher`. */
import { aesCtrCells } from "./aes-ctr.mjs";
import { aesGcmCells } from "./aes-gcm.mjs";
import { chacha20Poly1305Cells } from "./chacha20-poly1305.mjs";

export const cells = [...aesCtrCells(), ...aesGcmCells(), ...chacha20Poly1305Cells()];
