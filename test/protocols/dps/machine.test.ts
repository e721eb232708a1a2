/** The whole server as a machine: files put at one server and read at another. */
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { getFile, putFile } from "../../../src/protocols/dps/index.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster } from "./cluster.js";

describe("servers of one cluster", () => {
  it("store a file at one and read it at another", async () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 });
    await cluster.ready();
    const bytes = bytesOf(200_000);
    const port = cluster.port(1);
    const put = await cluster.settled(putFile(port, bytesSource(bytes), { name: "a file" }, cluster.rules()));
    expect(put).toMatchObject({ outcome: "stored", copies: 3, file: { name: "a file", chunks: 4 } });
    const read = await cluster.settled(getFile(cluster.port(3), put.file.hash));
    expect(await cluster.settled(collected(read.bytes))).toEqual(bytes);
    const part = await cluster.settled(getFile(cluster.port(2), put.file.hash, { start: 70_000, end: 150_000 }));
    expect(await cluster.settled(collected(part.bytes))).toEqual(bytes.subarray(70_000, 150_000));
    const again = await cluster.settled(
      putFile(cluster.port(2), bytesSource(bytes), { name: "other" }, cluster.rules()),
    );
    expect(again).toMatchObject({ outcome: "present", copies: 3, file: { name: "a file" } });
  });
});
