/**
 * The group `node`: three servers in processes of their own and a client, against a pipeline by hand over bare TCP with
 * the same hashes, copies and syncs. Files of 64 MiB into the cluster and out of it, small files, and single commits.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRandom } from "../../lib/random.mjs";

/** Of the client: chunks under way, each sent to three servers. */
const PEAK_BYTES_MAX = 256 * 1024 * 1024;
const SMALL_BYTES = 1_024;
const SMALL_IN_FLIGHT = 16;
/** Fewer than other cells have: each candidate stores them first, one after the other. */
const FILES = 16;
/** A put waits for syncs of three servers, and a batch for many puts. */
const EFFORT = { warmMs: 400, batchMs: 100, rounds: 5, batches: 1 };

const random = makeRandom();
const contents = Array.from({ length: FILES }, (_, i) => ({ name: `small ${i}`, bytes: random.bytes(SMALL_BYTES) }));
const modules = {
  dps: new URL("ours.mjs", import.meta.url).href,
  pipeline: new URL("pipeline.mjs", import.meta.url).href,
};
/** Bytes that no file had before: equal ones would not be stored again. */
let drawn = 0;

export const cells = [
  ...["put", "get"].map(transferCell),
  smallCell("put of 1 KiB, 16 in flight", SMALL_IN_FLIGHT, async ({ cluster, name, bytes }) => {
    const fresh = Buffer.from(bytes);
    fresh.writeUInt32BE(++drawn, 0);
    await cluster.putBytes(`${name} ${drawn}`, fresh);
    return bytes;
  }),
  smallCell("get of 1 KiB, 16 in flight", SMALL_IN_FLIGHT, ({ cluster, name }) => cluster.getBytes(name)),
  smallCell("lookup and read of 1 KiB", 1, ({ cluster, name }) => cluster.getBytes(name)),
  smallCell("commit of a record", 1, async ({ cluster, name, bytes }) => {
    await cluster.commit(name, bytes.subarray(0, 100));
    return bytes;
  }),
];

function transferCell(direction) {
  return {
    name: `${direction} of a file over 3 servers`,
    transfer: direction,
    mib: 64,
    peakBytesMax: PEAK_BYTES_MAX,
    candidates: [
      { name: "dps", ours: true, module: modules.dps },
      { name: "pipeline", module: modules.pipeline },
    ],
  };
}

/** Exchanges with a cluster that has all small files already. */
function smallCell(name, inFlight, work) {
  const candidate = (module, ours) => ({
    name: module,
    ...(ours && { ours }),
    open: () => session(modules[module], work),
  });
  return {
    name,
    inFlight,
    effort: EFFORT,
    inputs: contents,
    plain: (bytes) => Buffer.from(bytes).toString("hex"),
    candidates: [candidate("dps", true), candidate("pipeline")],
  };
}

async function session(module, work) {
  const folder = mkdtempSync(join(tmpdir(), "bench-node-"));
  const { open } = await import(module);
  const cluster = await open(folder);
  for (const { name, bytes } of contents) await cluster.putBytes(name, bytes);
  return {
    async exchange({ name, bytes }, done) {
      done(await work({ cluster, name, bytes }));
    },
    async close() {
      await cluster.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
