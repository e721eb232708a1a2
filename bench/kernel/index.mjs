import { crc32Cells } from "./crc32.mjs";
import { md5Cells } from "./md5.mjs";
import { xorDistanceCells } from "./xor-distance.mjs";

export const cells = [...(await crc32Cells()), ...(await md5Cells()), ...xorDistanceCells()];
