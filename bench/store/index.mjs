/** The group `store`: files into the key store and out of it, and chunks cut by content. */
import { chunkCells } from "./chunks.mjs";

const PEAK_BYTES_MAX = 64 * 1024 * 1024;

export const cells = [...["put", "get"].map(transferCell), ...chunkCells()];

function transferCell(direction) {
  return {
    name: `${direction} of a file`,
    transfer: direction,
    peakBytesMax: PEAK_BYTES_MAX,
    candidates: [
      { name: "store", ours: true, module: new URL("ours.mjs", import.meta.url).href },
      { name: "pipeline", module: new URL("pipeline.mjs", import.meta.url).href },
    ],
  };
}
