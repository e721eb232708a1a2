/** The TypeScript examples in READMEs of `src/` print what they say. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { newAuthority } from "../transport/certificates.js";

const root = new URL("../../", import.meta.url).pathname;
const SUBPATHS = ["machine", "host", "storage", "transport", "testing"];

/** The output of a TypeScript example, bundled with the sources. */
async function outputOf(example: string, cwd?: string): Promise<string> {
  const bundle = await build({
    stdin: { contents: example, loader: "ts", resolveDir: root },
    alias: Object.fromEntries(SUBPATHS.map((name) => [`specwire/${name}`, `${root}src/${name}/index.ts`])),
    bundle: true,
    external: ["ws"],
    format: "esm",
    platform: "node",
    write: false,
  });
  return execFileSync(process.execPath, ["--input-type=module", "-e", bundle.outputFiles[0]!.text], {
    encoding: "utf8",
    cwd,
  });
}

/** The examples of a README, each with the output that follows it. */
function examplesOf(path: string): { code: string; output: string | undefined }[] {
  const blocks = readFileSync(`${root}${path}`, "utf8").matchAll(/```ts\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g);
  return Array.from(blocks, ([, code, output]) => ({ code: code!, output }));
}

describe("the example", () => {
  it.each(["machine", "transport", "storage"])("of src/%s/README.md prints what it says", async (name) => {
    const [example] = examplesOf(`src/${name}/README.md`);
    expect(await outputOf(example!.code)).toBe(example!.output);
  });

  it("of traces in src/machine/README.md continues the first one", async () => {
    const [first, second] = examplesOf("src/machine/README.md");
    expect(await outputOf(`${first!.code}\n${second!.code}`)).toBe(`${first!.output}${second!.output}`);
  });

  it("of TLS, HTTP and other streams in src/transport/README.md continue those before", async () => {
    const [first, ofTls, ofHttp, ofStreams] = examplesOf("src/transport/README.md");
    // A folder from which `ws` is found.
    mkdirSync(`${root}build`, { recursive: true });
    const folder = mkdtempSync(`${root}build/examples-`);
    try {
      const authority = await newAuthority("authority");
      const server = await authority.issue({ commonName: "the server", dns: ["server.example"] });
      const files = { server, client: await authority.issue({ commonName: "the client" }), authority };
      for (const [name, { certificate, key }] of Object.entries(files)) {
        writeFileSync(`${folder}/${name}.pem`, certificate);
        writeFileSync(`${folder}/${name}.key`, key);
      }
      for (const examples of [[ofTls!], [ofTls!, ofHttp!], [ofStreams!]]) {
        const all = [first!, ...examples];
        const [code, output] = [all.map((each) => each.code).join("\n"), all.map((each) => each.output).join("")];
        expect(await outputOf(code, folder)).toBe(output);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("of src/testing/README.md runs with machines of this test", async () => {
    const [example] = examplesOf("src/testing/README.md");
    const machines = `
      class Server {
        halfOpen = true;
        step(event, nowMs, out) {
          if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: event.bytes.slice() });
          if (event.type === "ended") out.push({ type: "shut", link: event.link });
        }
        nextWakeMs() { return Infinity; }
      }
      class Client {
        #peer; #calls = new Map(); #next = 0;
        constructor(peer) { this.#peer = peer; }
        step(event, nowMs, out) {
          const settle = (link, outcome) => {
            const call = this.#calls.get(link);
            if (call === undefined) return;
            this.#calls.delete(link);
            out.push({ type: "settle", id: call.id, ...outcome }, { type: "shut", link });
          };
          const error = { code: "timeout", format: "hello", path: "" };
          if (event.type === "call") {
            this.#calls.set(--this.#next, event);
            out.push({ type: "connect", link: this.#next, peer: this.#peer });
            out.push({ type: "write", link: this.#next, bytes: Uint8Array.of(1) });
          }
          if (event.type === "bytes") settle(event.link, { value: "hello" });
          if (event.type === "closed") settle(event.link, { error: event.error ?? error });
          for (const [link, call] of this.#calls) if (call.deadlineMs <= nowMs) settle(link, { error });
        }
        nextWakeMs() { return Math.min(Infinity, ...[...this.#calls.values()].map((call) => call.deadlineMs)); }
      }`;
    expect(await outputOf(`${machines}\n${example!.code}`)).toBe("200 runs\n");
  });
});
