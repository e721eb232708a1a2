import { chacha20Poly1305Cells } from "./chacha20-poly1305.mjs";

export const cells = [...chacha20Poly1305Cells()];
