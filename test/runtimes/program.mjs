/**
 * The program that Node.js, Deno and Bun run on the build: `program.mjs VECTORS` checks kernels against the vectors in
 * a file, and exchanges packets over sockets as the folders of the protocols here say. It prints one line of JSON.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as kernels from "../../dist/kernel/index.js";
import { checkKernels } from "./kernels.mjs";

const result = checkKernels(kernels, JSON.parse(readFileSync(process.argv[2], "utf8")));
const exchanges = readdirSync(import.meta.dirname).map((name) => new URL(`${name}/exchange.mjs`, import.meta.url));
const present = exchanges.filter((file) => existsSync(file));
if (present.length === 0) result.failures.push("no exchange was found");
for (const exchange of present) {
  const { check } = await import(exchange.href);
  result.failures.push(...(await check()));
}
console.log(JSON.stringify(result));
process.exit(result.failures.length === 0 ? 0 : 1);
