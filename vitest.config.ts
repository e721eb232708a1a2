import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, { default?: string }>;
};

const TESTS = "test/**/*.test.ts";

/** Tests that take seconds: they build or run programs, draw many values, or try crashes one by one. */
const SLOW = [
  "test/cli/**",
  "test/differential/**",
  "test/examples/**",
  "test/codec/{recordings,round-trip}.test.ts",
  "test/conformance/**/{composed,malformed}.test.ts",
  "test/conformance/qkd/recordings.test.ts",
  "test/fuzz/**",
  "test/gen/{javascript,drawn-pieces,drawn-specs,robust,user-spec}.test.ts",
  "test/gen/proto/{drawn,kinds}.test.ts",
  "test/host/mixed.test.ts",
  "test/house/{documents,examples,new-protocol,readme,ready,regular-expressions}.test.ts",
  "test/kernel/**/{aead,aead-lengths,aes-ctr,crc32,embedded,long-messages,md5,sweep}.test.ts",
  "test/**/*{crash,crashes,killed,simulation,simulate,weather,races}*.test.ts",
  "test/protocols/dht/{crowd-hostile,seed}.test.ts",
  "test/protocols/rpc/hostile.test.ts",
  "test/protocols/qkd/{client,client-failures,readme}.test.ts",
  "test/protocols/store/{credentials,dps-chunks,folder,key-store,remote-engines,toml}.test.ts",
  "test/protocols/qkd/levels/**",
  "test/protocols/qkd/kme-server.test.ts",
  "test/protocols/raida/{healing,client/encrypted-network,client/own-server,server/lockers,wallet/disk}.test.ts",
  "test/storage/{file-lock,page-files/damage,segments/{damage,segments}}.test.ts",
  "test/testing/replay-command.test.ts",
  "test/transport/{bound,datagrams,http,streams,tls,websocket,workers}.test.ts",
];

/** Tests that measure or read memory, or watch kernels load: no other test may run before them in a process. */
const ALONE = ["test/kernel/**/{lazy,memory,secrets}.test.ts", "test/codec/message-memory.test.ts"];

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
      // Files share a process: starting one for each file takes longer than most of these tests.
      { extends: true, test: { name: "quick", include: [TESTS], exclude: [...SLOW, ...ALONE], isolate: false } },
      {
        extends: true,
        test: {
          name: "slow",
          // Node.js 20 has the WebSocket of the platform behind this.
          execArgv: ["--experimental-websocket"],
          include: SLOW.map((pattern) => (pattern.endsWith("**") ? `${pattern}/*.test.ts` : pattern)),
        },
      },
      {
        extends: true,
        test: {
          name: "alone",
          // A busy machine delays a garbage collection on other threads, and memory is freed while it is measured.
          execArgv: ["--single-threaded-gc"],
          include: ALONE,
        },
      },
    ],
    // Processes, so that a project can keep WASM memory, sockets and globals of its files apart.
    pool: "forks",
    maxWorkers: 2,
    // Keeps transformed modules: from the second run on the quick tests take 7 to 16 s less.
    experimental: { fsModuleCache: true, fsModuleCachePath: "build/vitest" },
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
