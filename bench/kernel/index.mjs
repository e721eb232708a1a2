/** The group `kernel`: hashes, checksums and XOR distance. */
import { crc32Cells } from "./crc32.mjs";
import { hmacCells } from "./hmac.mjs";
import { md5Cells } from "./md5.mjs";
import { shaCells } from "./sha.mjs";
import { xorDistanceCells } from "./xor-distance.mjs";

export const cells = [
  ...(await shaCells()),
  ...(await hmacCells()),
  ...(await md5Cells()),
  ...(await crc32Cells()),
  ...xorDistanceCells(),
];
