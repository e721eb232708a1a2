import { describe, expect, it } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import { RecordKind, RecordReader, RecordWriter } from "../../src/transport/workers/records.js";
import { WorkerLink } from "../../src/transport/workers/worker-link.js";
import { Pipe } from "./pipe.js";
import { LinkSpy } from "./spies.js";

const GONE: WireIssue = { code: "closed", format: "workers", path: "p" };

const turn = () => new Promise(setImmediate);

/** A link, what its owner hears, and the kinds of the records that its worker gets. */
function makeLink() {
  const pipe = new Pipe();
  const link = new WorkerLink(7, "127.0.0.1:1", new RecordWriter(pipe.socket));
  const heard = new LinkSpy();
  link.handler = heard;
  const said = async () => {
    await turn();
    const kinds: number[] = [];
    const reader = new RecordReader((kind, id) => kinds.push(id === 7 ? kind : -1));
    for (const write of pipe.writes.splice(0)) reader.read(write);
    return kinds;
  };
  return { link, heard, said };
}

/** Bytes that are overwritten when they have been told. */
function tell(link: WorkerLink, ...values: number[]) {
  const bytes = Uint8Array.from(values);
  link.bytes(bytes);
  bytes.fill(0xdb);
}

describe("a link that a worker has", () => {
  it("keeps what was on its way when it was paused, in its order, until it is resumed", async () => {
    const { link, heard, said } = makeLink();
    tell(link, 1);
    link.pause();
    link.pause();
    tell(link, 2, 3);
    tell(link, 4);
    link.ended();
    link.closed(GONE);
    await turn();
    expect([heard.log, [...heard.received]]).toEqual([["bytes"], [1]]);
    link.resume();
    expect(heard.log).toEqual(["bytes"]);
    await turn();
    expect([heard.log, [...heard.received]]).toEqual([
      ["bytes", "ended", "closed"],
      [1, 2, 3, 4],
    ]);
    expect(heard.error).toBe(GONE);
    expect(await said()).toEqual([RecordKind.pause]);
  });

  it("can be paused again in the middle of what it kept", async () => {
    const { link, heard, said } = makeLink();
    link.pause();
    for (const value of [1, 2, 3]) tell(link, value);
    const take = heard.bytes.bind(heard);
    heard.bytes = (bytes) => {
      take(bytes);
      link.pause();
    };
    for (let count = 1; count <= 3; count++) {
      link.resume();
      await turn();
      expect(heard.received.length).toBe(count);
      // What comes later waits behind.
      if (count === 1) tell(link, 4);
    }
    link.resume();
    await turn();
    expect([...heard.received]).toEqual([1, 2, 3, 4]);
    expect(await said()).toHaveLength(9);
  });

  it.each(["shut", "abort"] as const)("hands out nothing but its end after %s", async (how) => {
    const { link, heard, said } = makeLink();
    link.pause();
    tell(link, 1);
    link[how]();
    tell(link, 2);
    link.ended();
    link.write(Uint8Array.of(1));
    link.resume();
    await turn();
    expect(heard.log).toEqual([]);
    link.closed();
    expect([heard.log, heard.error]).toEqual([["closed"], undefined]);
    link[how]();
    expect(await said()).toEqual([RecordKind.pause, RecordKind[how]]);
  });

  it.each(["shut", "abort"] as const)(
    "that has closed meanwhile says so after %s, not before it returns",
    async (how) => {
      const { link, heard, said } = makeLink();
      link.pause();
      tell(link, 1);
      link.closed(GONE);
      link[how]();
      link[how]();
      expect(heard.log).toEqual([]);
      await turn();
      expect([heard.log, heard.error]).toEqual([["closed"], GONE]);
      expect(await said()).toEqual([RecordKind.pause]);
    },
  );

  it("counts what is written until the worker has got rid of it", async () => {
    const { link, heard, said } = makeLink();
    link.write(new Uint8Array(100_000));
    link.write(new Uint8Array(0));
    expect(link.queuedBytes).toBe(100_000);
    expect(await said()).toEqual([RecordKind.bytes, RecordKind.bytes]);
    link.sent(60_000);
    expect([link.queuedBytes, heard.log]).toEqual([40_000, []]);
    link.sent(40_000);
    expect([link.queuedBytes, heard.log]).toEqual([0, ["drained"]]);
    link.write(new Uint8Array(5));
    link.closed(GONE);
    expect(link.queuedBytes).toBe(0);
  });
});
