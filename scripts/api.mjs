/**
 * The API report: api/specwire.api.txt, written from the built declarations. A change of the public surface
 * changes the report, so that a diff shows it.
 *
 *   node scripts/api.mjs            rewrites it
 *   node scripts/api.mjs --check    fails if it differs from the declarations of the build
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { reportApi } from "./api/report.mjs";
import { readText } from "./ready/inputs.mjs";

const REPORT = "api/specwire.api.txt";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const { name, exports } = JSON.parse(readFileSync("package.json", "utf8"));
const typed = Object.entries(exports).filter(([, target]) => target.types !== undefined);
const report = reportApi(new Map(typed.map(([subpath, { types }]) => [subpath.replace(".", name), types])));

if (!process.argv.includes("--check")) {
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, report);
} else if (report !== readText(REPORT)) {
  console.error(`${REPORT} is not what the build declares. If that is meant: npm run api, and commit the difference.`);
  process.exitCode = 1;
}
