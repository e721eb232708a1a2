/**
 * One process of a measurement: `node bench/lib/child.mjs GROUP` prints the medians of each cell as JSON. With an IPC
 * channel, it tells its parent how far it is.
 */
import { isLive, measureLive } from "./live.mjs";
import { measureCell } from "./measure.mjs";
import { isTransfer, measureTransfer } from "./transfer.mjs";

const { cells } = await import(`../${process.argv[2]}/index.mjs`);
const medians = {};
for (const [index, cell] of cells.entries()) {
  const onProgress = (share) => process.send?.({ cell: cell.name, share: (index + share) / cells.length });
  if (isTransfer(cell)) medians[cell.name] = measureTransfer(cell, onProgress);
  else if (isLive(cell)) medians[cell.name] = await measureLive(cell, undefined, onProgress);
  else medians[cell.name] = measureCell(cell, onProgress);
}
console.log(JSON.stringify(medians));
process.disconnect?.();
