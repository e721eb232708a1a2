/** Modules of `src/` that are data alone, loaded from their sources, so that documents never depend on a build. */
import { build } from "esbuild";

/** What a module of the sources exports. @param path for example `src/limits.ts` */
export async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: "esm",
    platform: "neutral",
    write: false,
    logLevel: "error",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
