import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // A test that shows what users write imports what users import, from the source.
    alias: [
      { find: /^specwire\/(\w+)\/node$/, replacement: `${import.meta.dirname}/src/$1/node.ts` },
      { find: /^specwire\/(\w+)$/, replacement: `${import.meta.dirname}/src/$1/index.ts` },
    ],
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
