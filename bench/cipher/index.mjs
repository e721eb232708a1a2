import { aesCtrCells } from "./aes-ctr.mjs";
import { chacha20Poly1305Cells } from "./chacha20-poly1305.mjs";

export const cells = [...aesCtrCells(), ...chacha20Poly1305Cells()];
