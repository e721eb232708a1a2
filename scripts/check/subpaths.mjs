import { readFileSync } from "node:fs";

/** What needs Node: sockets, disks, and the generator, which reads files. All else must work in a browser. */
const NEEDS_NODE = ["bittrrt/node", "gen", "host", "raida/node", "transport"];

const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Every subpath that code can import, as `raida/node`. */
export const subpaths = Object.keys(exports)
  .filter((subpath) => exports[subpath].types !== undefined)
  .map((subpath) => subpath.replace("./", ""));

export const pureSubpaths = subpaths.filter((subpath) => !NEEDS_NODE.includes(subpath));
