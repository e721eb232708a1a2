/**
 * The group `engines-remote`: puts and gets of the back ends on etcd and NATS against the bare clients on the same
 * server, one on this machine that each process starts. The bare ones neither check hashes nor hold a lock.
 */
import { findServer } from "../../scripts/servers/find.mjs";
import { etcdBare, etcdOurs } from "./etcd.mjs";
import { natsBare, natsOurs } from "./nats.mjs";

/** As many as are in flight at most, so that keys differ. */
const INPUTS = 16;
/** As many rounds as there is time for: 33 of the fastest cells, 3 where a batch takes seconds. */
const EFFORT = { warmMs: 200, batchMs: 15, rounds: 40, batches: 1, cellMs: 1_500 };

const ENGINES = [
  // The longest value there is a megabyte.
  { name: "etcd", program: "etcd", ours: etcdOurs, bare: etcdBare, sizes: { "64 KiB": 65_536, "1 MB": 1_000_000 } },
  {
    name: "NATS",
    program: "nats-server",
    ours: natsOurs,
    bare: natsBare,
    sizes: { "64 KiB": 65_536, "1 MiB": 1 << 20 },
  },
];

const missing = ENGINES.filter(({ program }) => findServer(program) === undefined);
if (missing.length > 0) {
  const names = missing.map(({ name }) => name).join(", ");
  console.error(`skipped ${names}: node scripts/servers/install.mjs fetches them`);
}
export const cells = ENGINES.filter((engine) => !missing.includes(engine)).flatMap(cellsOf);
export const absent = missing.flatMap(cellsOf).map(({ name }) => name);

function cellsOf({ name, ours, bare, sizes }) {
  return Object.entries(sizes).flatMap(([size, bytes]) =>
    ["put", "get"].flatMap((direction) =>
      [1, 16].map((inFlight) => ({
        name: `${name}, ${direction} of ${size}, ${inFlight} in flight`,
        inFlight,
        effort: EFFORT,
        inputs: Array.from({ length: INPUTS }, (_, n) => ({ n, bytes: Buffer.alloc(bytes, n + 1) })),
        plain: (value) => [value.length, value[0], value.at(-1)],
        candidates: [
          { name: "store", ours: true, open: () => openSession(ours, direction, bytes) },
          { name: "bare client", open: () => openSession(bare, direction, bytes) },
        ],
      })),
    ),
  );
}

async function openSession(engine, direction, bytes) {
  const { put, get, close } = await engine();
  if (direction === "get") for (let n = 0; n < INPUTS; n++) await put(n, Buffer.alloc(bytes, n + 1));
  const exchange = async (input, done) => {
    if (direction === "get") done(await get(input.n, bytes));
    else done(await put(input.n, input.bytes).then(() => input.bytes));
  };
  return { exchange, close };
}
