/** Every disk passes the suite of the contract. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memoryDisk, nodeFiles, openPageFileDisk, openSegmentDisk, type FileSystem } from "../../src/storage/index.js";
import { FaultFiles, NO_FAULTS, Random, VirtualClock, VirtualDisk } from "../../src/testing/index.js";
import { describeDisk, type OpenedDisk } from "./contract.js";
import { LAYOUT, PAGE_BYTES } from "./page-files/histories.js";

const root = mkdtempSync(join(tmpdir(), "disks "));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

const KEYS = { keys: ["a/1", "a/2", "b/1"], prefix: "a/" } as const;

describeDisk("the disk in memory", { ...KEYS, open: () => Promise.resolve({ disk: memoryDisk() }) });

describeDisk("the disk of a simulation", {
  ...KEYS,
  open: () => {
    const clock = new VirtualClock();
    const disk = new VirtualDisk(clock, new Random(1, "disk"), { ...NO_FAULTS, diskDelayMsMax: 20 });
    return Promise.resolve({ disk, pass: () => clock.runTo(clock.nowMs() + 10_000) });
  },
});

async function openPages(files: FileSystem): Promise<OpenedDisk> {
  const disk = await openPageFileDisk({ folder: "", layout: LAYOUT, files });
  const close = (): Promise<void> => disk.close();
  return { disk, close, reopen: () => close().then(() => openPages(files)) };
}

describeDisk("page files", {
  ...KEYS,
  valueBytes: PAGE_BYTES,
  open: () => openPages(nodeFiles(join(root, String(folders++)))),
});

describeDisk("page files, on the file system with faults", {
  ...KEYS,
  valueBytes: PAGE_BYTES,
  open: () => openPages(new FaultFiles(new Random(1))),
});

async function openSegments(files: FileSystem): Promise<OpenedDisk> {
  const disk = await openSegmentDisk({ folder: "", files });
  const close = (): Promise<void> => disk.close();
  return { disk, close, reopen: () => close().then(() => openSegments(files)) };
}

describeDisk("segment files", {
  ...KEYS,
  appendsOnly: true,
  open: () => openSegments(nodeFiles(join(root, String(folders++)))),
});

describeDisk("segment files, on the file system with faults", {
  ...KEYS,
  appendsOnly: true,
  open: () => openSegments(new FaultFiles(new Random(1))),
});
