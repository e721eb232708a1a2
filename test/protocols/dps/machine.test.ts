/** The whole server as a machine: files put at one server and read at another. */
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { FileOp } from "../../../src/codec/gen/dps/index.js";
import { commandsOf, getFile, putFile } from "../../../src/protocols/dps/index.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

describe("servers of one cluster", () => {
  it("store a file at one and read it at another", async () => {
    const simulation = new Simulation({ run: 1, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 });
    await cluster.ready();
    const bytes = bytesOf(150_000);
    const port = cluster.port(1);
    const put = await cluster.settled(putFile(port, bytesSource(bytes), { name: "a file" }, cluster.rules()));
    expect(put).toMatchObject({ outcome: "stored", copies: 3, file: { name: "a file", chunks: 3 } });
    const read = await cluster.settled(getFile(cluster.port(3), put.file.hash));
    expectBytes(await cluster.settled(collected(read.bytes)), bytes);
    const part = await cluster.settled(getFile(cluster.port(2), put.file.hash, { start: 70_000, end: 140_000 }));
    expectBytes(await cluster.settled(collected(part.bytes)), bytes.subarray(70_000, 140_000));
    const again = await cluster.settled(
      putFile(cluster.port(2), bytesSource(bytes), { name: "other" }, cluster.rules()),
    );
    expect(again).toMatchObject({ outcome: "present", copies: 3, file: { name: "a file" } });
  });

  it("store a file again that somebody removes while it is put", async () => {
    const cluster = new DpsCluster(new Simulation({ run: 4, faults: NO_FAULTS }), { servers: 3 });
    await cluster.ready();
    const bytes = bytesOf(1_000);
    const port = cluster.port(1);
    const { file } = await cluster.settled(putFile(port, bytesSource(bytes), { name: "f" }, cluster.rules()));
    const [remove] = commandsOf({ op: "delete", hash: file.hash }, Infinity);
    let removals = 0;
    const removing = (most: number): typeof port => ({
      ...port,
      async command(data, options) {
        // Before a touch, which then finds nothing.
        if (removals < most && data[0] === FileOp.touch) {
          removals++;
          await cluster.port(2).command(remove!, {});
        }
        return port.command(data, options);
      },
    });
    const again = putFile(removing(1), bytesSource(bytes), { name: "f" }, cluster.rules());
    expect(await cluster.settled(again)).toMatchObject({ outcome: "stored" });
    expect(removals).toBe(1);
    const read = await cluster.settled(getFile(cluster.port(3), file.hash));
    expectBytes(await cluster.settled(collected(read.bytes)), bytes);
  });

  it("keep chains that are equal to the byte", async () => {
    const simulation = new Simulation({ run: 2, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 }, { backupEveryMs: 3_000 });
    await cluster.ready();
    for (let i = 0; i < 3; i++) {
      const source = bytesSource(bytesOf(1_000, i));
      await cluster.settled(putFile(cluster.port(1), source, { name: `file ${i}` }, cluster.rules()));
      if (i === 1) cluster.host(cluster.leader === 3 ? 2 : 3).crash();
      simulation.runFor(5_000);
    }
    const down = cluster.hosts.findIndex(({ isRunning }) => !isRunning) + 1;
    cluster.restart(down);
    const heights = () => [...cluster.machines.values()].map(({ chain }) => chain.chain.count);
    simulation.runUntil(() => new Set(heights()).size === 1 && heights()[0]! >= 4, 60_000);
    const records = cluster.hosts.map(({ disk }) => disk.read("chain/blocks"));
    expect(records[1]).toEqual(records[0]);
    expect(records[2]).toEqual(records[0]);
    for (let member = 1; member <= 3; member++) {
      const validated = await cluster.settled(cluster.call(member, { type: "chain", request: { type: "validate" } }));
      expect(validated).toMatchObject({ validation: { ok: true } });
    }
    // Nothing has changed since: no further backup is made.
    const [height] = heights();
    simulation.runFor(10_000);
    expect(heights()[0]).toBe(height);
  });

  it("speak in frames with lengths of 16 bits, chunks in parts", async () => {
    const simulation = new Simulation({ run: 3, faults: NO_FAULTS });
    const options = { framing: "uint16be", dht: { partBytes: 32_768 } } as const;
    const cluster = new DpsCluster(simulation, { servers: 3 }, options);
    await cluster.ready();
    const bytes = bytesOf(200_000);
    const rules = cluster.rules({ chunksAtOnce: 2 });
    const put = await cluster.settled(putFile(cluster.port(2), bytesSource(bytes), { name: "f" }, rules));
    expect(put).toMatchObject({ outcome: "stored", copies: 3 });
    const read = await cluster.settled(getFile(cluster.port(1), put.file.hash));
    expectBytes(await cluster.settled(collected(read.bytes)), bytes);
  });
});
