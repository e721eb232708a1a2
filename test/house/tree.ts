/** Files of the project, for tests. */
import { readdirSync } from "node:fs";

/** The folder of package.json. */
export const root = new URL("../../", import.meta.url);

/** Every file below a folder, sorted by name. */
export function filesOf(folder: URL): URL[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesOf(new URL(`${entry.name}/`, folder)) : [new URL(entry.name, folder)],
    );
}
