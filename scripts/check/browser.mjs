/** Bundles every pure subpath of the build for a page. */
import { fileURLToPath } from "node:url";
import { bundleForBrowser } from "./bundle.mjs";
import { pureSubpaths } from "./subpaths.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

for (const subpath of pureSubpaths) {
  try {
    const { sizeBytes, names } = await bundleForBrowser(`specwire/${subpath}`, root);
    console.log(`specwire/${subpath}: ${names.length} exports, ${(sizeBytes / 1024).toFixed(1)} KiB minified`);
  } catch (error) {
    console.error(`specwire/${subpath}: ${error.message}`);
    process.exitCode = 1;
  }
}
