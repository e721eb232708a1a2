/** Headless Chromium: pages and a module worker, with and without a content security policy. */
import { createServer } from "node:http";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pureSubpaths, sourceOf } from "../../../scripts/check/subpaths.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CONFORMANCE = join(ROOT, "src/conformance");
const BUNDLE = {
  outdir: "/",
  bundle: true,
  format: "esm",
  platform: "browser",
  inject: [join(HERE, "buffer.mjs")],
  alias: { "node:crypto": join(HERE, "node-crypto.mjs") },
  nodePaths: [join(ROOT, "node_modules")],
  write: false,
};
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };
const TIMEOUT_MS = 120_000;

const STRICT = "default-src 'none'; connect-src 'self'; worker-src 'self'; script-src 'self'";
/** Where a page lies, the policy that it is sent with, and whether WebAssembly may then be compiled. */
const PAGES = [
  { name: "page", path: "/plain/page.html", hasWasm: true },
  { name: "module worker", path: "/plain/page.html#worker", hasWasm: true },
  { name: "strict policy with wasm-unsafe-eval", path: "/wasm/page.html", hasWasm: true },
  { name: "strict policy", path: "/strict/page.html", hasWasm: false },
  { name: "strict policy, module worker", path: "/strict/page.html#worker", hasWasm: false },
  { name: "page with the files as they are", path: "/plain/files.html", hasWasm: true },
];
const POLICIES = { wasm: `${STRICT} 'wasm-unsafe-eval'`, strict: STRICT };

/** The browser of this machine; undefined where there is none. */
export const chromiumPath = () => CHROMIUM.find(existsSync);

/** Runs the suite in every kind of page; calls `report` with the name and the result of each. */
export async function runChromium(vectors, recordings, report) {
  const modules = pureSubpaths.map((subpath) => sourceOf(subpath).replace(/^src(.*)\.ts$/, "/dist$1.js"));
  const protocols = await playableInPages();
  const isPlayable = (file) => protocols.some((name) => file.startsWith(`seeds/${name}/`));
  for (const file of recordings.filter((name) => !isPlayable(name)))
    console.log(`skipped Chromium, ${file}: needs files`);
  const data = { "vectors.json": vectors, "recordings.json": recordings.filter(isPlayable), "modules.json": modules };
  const server = await serve(await bundles(protocols), data);
  const { chromium } = createRequire(import.meta.url)("playwright-core");
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
  try {
    for (const { name, path, hasWasm } of PAGES) {
      const result = await resultOf(browser, `http://127.0.0.1:${server.address().port}${path}`);
      if (result.engines.includes("wasm") !== hasWasm) {
        result.failures.push(`engines are ${result.engines}, ${hasWasm ? "with" : "without"} wasm were expected`);
      }
      report(`Chromium ${browser.version()}, ${name}`, result);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

/** The line that a page prints. */
async function resultOf(browser, url) {
  const page = await browser.newPage();
  const said = [];
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    const printed = page.waitForEvent("console", {
      timeout: TIMEOUT_MS,
      predicate: (message) => message.text().startsWith("{") || (said.push(message.text()), false),
    });
    await page.goto(url);
    return JSON.parse((await printed).text());
  } catch (error) {
    return { engines: [], count: 0, failures: [`${error.message.split("\n")[0]} ${said.join(" | ")}`] };
  } finally {
    await page.close();
  }
}

/** Names of the protocols whose recordings can be replayed without files: those that bundle for a page. */
async function playableInPages() {
  const names = readdirSync(CONFORMANCE).filter((name) => existsSync(join(CONFORMANCE, name, "index.ts")));
  const bundled = await Promise.allSettled(
    names.map((name) => build({ ...BUNDLE, entryPoints: [join(CONFORMANCE, name, "index.ts")], logLevel: "silent" })),
  );
  return names.filter((_, index) => bundled[index].status === "fulfilled");
}

/** A module with the readers of recordings of these protocols. */
const adaptersOf = (protocols) => ({
  name: "adapters",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^adapters$/ }, () => ({ path: "adapters", namespace: "adapters" }));
    onLoad({ filter: /^/, namespace: "adapters" }, () => {
      const files = protocols.map((name) => join(CONFORMANCE, name, "index.ts"));
      const names = files.map((file, index) => [`_${index}`, JSON.stringify(file)]);
      const imports = names.map(([name, file]) => `import * as ${name} from ${file};`).join("\n");
      const values = names.map(([name]) => `...Object.values(${name})`).join();
      const contents = `${imports}\nexport const adapters = [${values}].filter((value) => "recognises" in value);`;
      return { contents, resolveDir: ROOT };
    });
  },
});

/** The programs of the pages, bundled as a user's bundler does, by their names. */
async function bundles(protocols) {
  const { outputFiles } = await build({
    ...BUNDLE,
    entryPoints: ["page.ts", "worker.ts", "files.ts"].map((name) => join(HERE, name)),
    plugins: [adaptersOf(protocols)],
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, text }) => [path.split("/").pop(), text]));
}

const noble = ["hashes", "ciphers", "curves"].map((name) => [`@noble/${name}/`, `/node_modules/@noble/${name}/`]);
const IMPORT_MAP = `<script type="importmap">${JSON.stringify({ imports: Object.fromEntries(noble) })}</script>`;
const documentOf = (script, head = "") =>
  `<!doctype html><meta charset="utf-8"><title>specwire</title>${head}<script type="module" src="${script}"></script>`;

async function serve(programs, data) {
  const fixed = new Map([
    ["page.html", documentOf("page.js")],
    ["files.html", documentOf("files.js", IMPORT_MAP)],
    ...Object.entries(data).map(([name, value]) => [name, JSON.stringify(value)]),
    ...programs,
  ]);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const isOfTree = /^\/(dist|seeds|node_modules\/@noble)\/[\w./-]+$/.test(pathname) && !pathname.includes("..");
    const body = isOfTree ? read(join(ROOT, pathname)) : fixed.get(pathname.split("/").pop());
    const policy = POLICIES[pathname.split("/")[1]];
    if (policy !== undefined) response.setHeader("content-security-policy", policy);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": TYPES[extname(pathname)] ?? "text/plain" });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function read(path) {
  return existsSync(path) ? readFileSync(path) : undefined;
}
