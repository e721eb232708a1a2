/** The subpaths in the `exports` of package.json, and the source file of each. */
import { readFileSync } from "node:fs";

/** Subpaths that need Node, beside those called `node`: sockets, disks, and packages that not everybody installs. */
const NEEDS_NODE = ["storage", "store/etcd", "store/nats", "store/s3", "transport"];

const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Every subpath that code can import, as `codec`. */
export const subpaths = Object.keys(exports)
  .filter((subpath) => exports[subpath].types !== undefined)
  .map((subpath) => subpath.replace("./", ""));

/** The subpaths that work in a browser. */
export const pureSubpaths = subpaths.filter((subpath) => !NEEDS_NODE.includes(subpath) && !subpath.endsWith("/node"));

/** The source of a subpath: dist/machine/index.js comes from src/machine/index.ts. */
export function sourceOf(subpath) {
  return exports[`./${subpath}`].default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
}
