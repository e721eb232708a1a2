/**
 * Times every engine of every kernel at a row of sizes, and names the fastest. src/kernel/engine/crossovers.ts holds
 * these results.
 *
 *   node scripts/measure-kernels.mjs [PRIMITIVE...]
 *
 * The engines take turns in slices of about a millisecond; a figure is the time per call in the median slice.
 */
import { randomBytes } from "node:crypto";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SLICES = 15;
const SLICE_MS = 1;
const WARM_UP_MS = 30;
const BYTES = [16, 64, 256, 512, 1024, 2048, 4096, 16_384, 65_536];
/** Bytes of a batch of messages: four of the longest. */
const BATCH_BYTES = 4 * BYTES.at(-1);
const ROWS = [1, 4, 8, 16, 32, 64, 512, 4800];
const NEAREST = 20;

const kernels = await load();
const data = new Uint8Array(randomBytes(BATCH_BYTES));
const out = new Uint8Array(16 * Math.max(data.length, ROWS.at(-1)));
const [key, nonce, counter] = [32, 12, 16].map((length) => new Uint8Array(randomBytes(length)));
const mac = new kernels.HmacSha256Key(key);
const ctr = new kernels.AesCtrKey(key);
const gcm = new kernels.AesGcmKey(key);
const chacha = new kernels.ChaCha20Poly1305Key(key);
const part = (size) => data.subarray(0, size);
/** A batch of whole messages, which fills the last SIMD vector. */
const messages = (size) => data.subarray(0, Math.floor(BATCH_BYTES / size) * size);
const ids = (size) => part(kernels.ID_BYTES * size);
const id = new Uint8Array(randomBytes(kernels.ID_BYTES));
const columns = (size) => ({
  prefix: 1,
  bytes: new Int8Array(size),
  words: new Uint32Array(size),
  suffix: counter,
});

/** A call of each primitive at a size, into a given output. The key of keyed primitives is prepared beforehand. */
const CASES = {
  chunk: (size) => () => kernels.chunk(part(size), { minBytes: 1, avgBytes: 16_384, maxBytes: 65_536 }),
  crc32: (size) => () => kernels.crc32(part(size)),
  sha256: (size) => () => kernels.sha256Into(part(size), out),
  "sha256-batch": (size) => () => kernels.sha256Batch(messages(size), size, out),
  sha1: (size) => () => kernels.sha1Into(part(size), out),
  "sha1-batch": (size) => () => kernels.sha1Batch(messages(size), size, out),
  sha512: (size) => () => kernels.sha512Into(part(size), out),
  md5: (size) => () => kernels.md5Into(part(size), out),
  "md5-rows": (size) => {
    const rows = columns(size);
    return () => kernels.md5Rows(rows, out);
  },
  "xor-distance": (size) => () => kernels.closestIds(ids(size), id, NEAREST),
  "xor-buckets": (size) => () => kernels.xorPrefixLengths(ids(size), id, out),
  "hmac-sha256": (size) => () => mac.signInto(part(size), out),
  "aes-ctr": (size) => () => ctr.cryptInto(counter, part(size), out),
  "aes-ctr-once": (size) => () => kernels.aesCtrInto(key, counter, part(size), out),
  "aes-gcm": (size) => () => gcm.sealInto(nonce, part(size), out),
  "chacha20-poly1305": (size) => () => chacha.sealInto(nonce, part(size), out),
};

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model}; ns per call`);
const asked = process.argv.slice(2);
for (const { primitive, unit, engines } of kernels.kernelReport()) {
  if (!(primitive in CASES) || (asked.length > 0 && !asked.includes(primitive))) continue;
  console.log(`\n${primitive}`);
  for (const size of unit === "bytes" ? BYTES : ROWS) {
    const times = measure(engines, CASES[primitive](size));
    const fastest = engines.reduce((best, engine) => (times[engine] < times[best] ? engine : best));
    const cells = engines.map((engine) => `${engine} ${times[engine].toFixed(0)}`.padEnd(18));
    console.log(`  ${String(size).padStart(6)} ${unit}  ${cells.join("")}${fastest}`);
  }
}

function measure(engines, call) {
  const counts = {};
  const slices = {};
  for (const engine of engines) {
    for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) timed(engine, call, 1);
    let count = 1;
    while (timed(engine, call, count) < SLICE_MS) count *= 2;
    counts[engine] = count;
    slices[engine] = [];
  }
  for (let i = 0; i < SLICES; i++) {
    for (const engine of engines) slices[engine].push(timed(engine, call, counts[engine]) / counts[engine]);
  }
  const median = (values) => values.toSorted((a, b) => a - b)[SLICES >> 1];
  return Object.fromEntries(engines.map((engine) => [engine, median(slices[engine]) * 1e6]));
}

function timed(engine, call, count) {
  return kernels.withEngine(engine, () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) call();
    return performance.now() - start;
  });
}

/** Bundles and loads the kernels of the source tree. */
async function load() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/kernel/index.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
