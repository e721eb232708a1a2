/** One process of a measurement: `node bench/lib/child.mjs GROUP` prints the medians of each cell as JSON. */
import { isLive, measureLive } from "./live.mjs";
import { measureCell } from "./measure.mjs";

const { cells } = await import(`../${process.argv[2]}/index.mjs`);
const medians = {};
for (const cell of cells) medians[cell.name] = isLive(cell) ? await measureLive(cell) : measureCell(cell);
console.log(JSON.stringify(medians));
