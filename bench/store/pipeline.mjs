/** A pipeline by hand: blocks read, hashed alone and together, written beside their place, synced and renamed. */
import { createHash } from "node:crypto";
import { mkdir, open as openFile, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

const BLOCK_BYTES = 4 * 1024 * 1024;

export async function open(folder) {
  await mkdir(join(folder, "data"), { recursive: true });
  return { put: (path) => put(folder, path), get: (path) => get(folder, path), close: async () => {} };
}

/** As many synced files as the store: an intent, the chunks, a record and its copy. */
async function put(folder, path) {
  await writeSynced(join(folder, "intent"), Buffer.from(path));
  const file = await openFile(path);
  const whole = createHash("sha256");
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  const chunks = [];
  for (;;) {
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, chunks.length * BLOCK_BYTES);
    if (bytesRead === 0) break;
    const bytes = block.subarray(0, bytesRead);
    whole.update(bytes);
    await writeSynced(join(folder, "data", String(chunks.length)), bytes);
    chunks.push(createHash("sha256").update(bytes).digest("hex"));
  }
  await file.close();
  await syncFolder(join(folder, "data"));
  const record = Buffer.from(JSON.stringify({ hash: whole.digest("hex"), chunks }));
  for (const name of ["record", "copy"]) await writeSynced(join(folder, name), record);
  await syncFolder(folder);
}

async function get(folder, path) {
  const { hash, chunks } = JSON.parse(await readFile(join(folder, "record"), "utf8"));
  const whole = createHash("sha256");
  const file = await openFile(`${path}.tmp`, "w");
  for (const [i, expected] of chunks.entries()) {
    const bytes = await readFile(join(folder, "data", String(i)));
    if (createHash("sha256").update(bytes).digest("hex") !== expected) throw new Error(`chunk ${i}`);
    whole.update(bytes);
    await file.write(bytes);
  }
  if (whole.digest("hex") !== hash) throw new Error("file");
  await file.sync();
  await file.close();
  await rename(`${path}.tmp`, path);
  await syncFolder(dirname(path));
}

async function writeSynced(path, bytes) {
  const file = await openFile(`${path}.tmp`, "w");
  await file.write(bytes, 0, bytes.length, 0);
  await file.datasync();
  await file.close();
  await rename(`${path}.tmp`, path);
}

async function syncFolder(path) {
  const folder = await openFile(path);
  await folder.sync();
  await folder.close();
}
