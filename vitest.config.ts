import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, { default?: string }>;
};

const TESTS = "test/**/*.test.ts";

/** What takes seconds: other programs are built or run, many values are drawn, crashes are tried one by one. */
const SLOW = [
  "test/cli/**",
  "test/differential/**",
  "test/gen/drawn-specs.test.ts",
  "test/house/{examples,new-protocol,readme,ready}.test.ts",
  "test/**/*{crash,crashes,killed,simulation,simulate,weather,races}*.test.ts",
  "test/testing/replay-command.test.ts",
  "test/transport/workers.test.ts",
];

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
    projects: [
      { extends: true, test: { name: "quick", include: [TESTS], exclude: SLOW } },
      {
        extends: true,
        test: {
          name: "slow",
          include: SLOW.map((pattern) => (pattern.endsWith("**") ? `${pattern}/*.test.ts` : pattern)),
        },
      },
    ],
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
