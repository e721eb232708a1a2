/** A page that imports every pure module of the build as it is, through an import map. */
import { checkKernels } from "../kernels.mjs";

const jsonOf = async <T>(path: string) => (await (await fetch(path)).json()) as T;
const load = (path: string) => import(new URL(path, location.href).href) as Promise<Record<string, unknown>>;

const result = checkKernels(await load("/dist/kernel/index.js"), await jsonOf("/vectors.json"));
for (const path of await jsonOf<string[]>("/modules.json")) {
  if (Object.keys(await load(path)).length === 0) result.failures.push(`${path} exports nothing`);
}
console.log(JSON.stringify(result));
