/** One process of a run: `node bench/lib/child.mjs GROUP` prints the medians of each cell as JSON. */
import { measureCell } from "./measure.mjs";

const { cells } = await import(`../${process.argv[2]}/index.mjs`);
console.log(JSON.stringify(Object.fromEntries(cells.map((cell) => [cell.name, measureCell(cell)]))));
