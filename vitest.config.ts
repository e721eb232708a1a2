import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, { default?: string }>;
};

export default defineConfig({
  resolve: {
    // A test that shows what users write imports what users import, from the source.
    alias: Object.entries(exports).flatMap(([subpath, target]) => {
      const source = target.default?.replace("./dist/", "src/").replace(/js$/, "ts");
      const find = new RegExp(`^specwire/${subpath.slice(2)}$`);
      return source === undefined ? [] : [{ find, replacement: `${import.meta.dirname}/${source}` }];
    }),
  },
  test: {
    include: ["test/**/*.test.ts"],
    // One process a file keeps WASM memory, sockets and globals of the files apart.
    pool: "forks",
    maxWorkers: 2,
    // Ceilings for a test that hangs; nothing measures time. Generous, for slow and busy machines.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "html"],
    },
  },
});
