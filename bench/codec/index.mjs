/** Generated codecs against other libraries and against code by hand: the cells of each protocol's folder. */
import { readdirSync } from "node:fs";

const protocols = readdirSync(new URL(".", import.meta.url), { withFileTypes: true }).filter((one) =>
  one.isDirectory(),
);
const modules = await Promise.all(protocols.map(({ name }) => import(`./${name}/cells.mjs`)));

export const cells = modules.flatMap((module) => module.cells);
