/** Links over streams of Node.js and the Web that come from elsewhere. */
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/errors.js";
import { duplex, type DuplexOptions, type DuplexStream } from "../../src/transport/index.js";
import { StreamLink } from "../../src/transport/stream-link.js";
import { nodePair, switchboard, webPair } from "./pairs.js";
import { dial, LinkSpy, ReceiverSpy } from "./spies.js";

const turns = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Dials by the options, and waits for the close. */
async function failureOf(options: DuplexOptions): Promise<LinkSpy> {
  const { spy } = dial(duplex(options).open(new ReceiverSpy()), "somewhere");
  expect(spy.log).toEqual([]);
  await spy.untilLogged("closed");
  return spy;
}

describe("a stream that cannot be opened", () => {
  it.each<[string, DuplexOptions, object]>([
    ["nobody opens", {}, { code: "unreachable", actual: "the transport opens no streams" }],
    [
      "throws",
      {
        connect() {
          throw Object.assign(new Error("busy"), { code: "EBUSY" });
        },
      },
      { code: "unreachable", format: "duplex", path: "somewhere", actual: "EBUSY" },
    ],
    [
      "rejects with an issue",
      { connect: () => Promise.reject(new WireError({ code: "limit", format: "mine", path: "" })) },
      { code: "limit", format: "mine" },
    ],
    [
      "is locked",
      {
        connect() {
          const [own] = webPair() as [{ readable: ReadableStream }, unknown];
          own.readable.getReader();
          return own as DuplexStream;
        },
      },
      { code: "unreachable" },
    ],
  ])("because its function %s closes the link", async (_what, options, error) => {
    const spy = await failureOf(options);
    expect(spy.log).toEqual(["closed"]);
    expect(spy.error).toMatchObject(error);
  });

  it("is not listened for", async () => {
    const without = duplex({}).open(new ReceiverSpy());
    await expect(without.listen("here:0")).rejects.toMatchObject({ code: "argument", format: "duplex" });
    const closed = duplex(switchboard(nodePair)).open(new ReceiverSpy());
    await closed.close();
    await expect(closed.listen("here:0")).rejects.toMatchObject({ code: "argument" });
  });
});

describe.each([
  ["Node.js", nodePair],
  ["the Web", webPair],
])("a stream of %s", (_name, pair: () => [DuplexStream, DuplexStream]) => {
  it("that comes after its link was aborted is closed", async () => {
    const [own, theirs] = pair();
    let come: (stream: DuplexStream) => void = () => {};
    const late = new Promise<DuplexStream>((resolve) => (come = resolve));
    const { link, spy } = dial(duplex({ connect: () => late }).open(new ReceiverSpy()), "somewhere");
    await turns();
    link.abort();
    await spy.untilLogged("closed");
    come(own);
    const other = new LinkSpy();
    duplex({ listen: (at, accept) => (accept(theirs, "peer"), { address: at, close() {} }) })
      .open({ accepted: () => other, datagram() {} })
      .listen("here");
    await other.untilLogged("closed");
    expect(other.error).toMatchObject({ code: "closed", actual: "ECONNRESET" });
    expect(spy.log).toEqual(["closed"]);
  });

  it("is asked for bytes before it comes, and gets them in order", async () => {
    const transport = duplex(switchboard(pair));
    const listener = new ReceiverSpy();
    const [server, client] = [transport.open(listener), transport.open(new ReceiverSpy())];
    const accepted = listener.next();
    const { link } = dial(client, await server.listen("here:0"));
    for (let i = 0; i < 3; i++) link.write(Uint8Array.of(i));
    expect(link.queuedBytes).toBe(3);
    const there = await accepted;
    await there.until(() => there.received.length === 3);
    expect(there.received).toEqual(Uint8Array.of(0, 1, 2));
    await Promise.all([client.close(), server.close()]);
  });
});

describe("a stream that carries other values than bytes", () => {
  it.each<[string, () => DuplexStream]>([
    [
      "of Node.js",
      () => {
        const objects = new PassThrough({ objectMode: true });
        objects.write({ a: 1 });
        return objects;
      },
    ],
    ["of Node.js, as text", () => new Texts()],
    [
      "of the Web",
      () => ({
        readable: new ReadableStream({ start: (controller) => controller.enqueue("text" as never) }),
        writable: new WritableStream<Uint8Array>(),
      }),
    ],
  ])("%s closes its link", async (_what, stream) => {
    const { spy } = dial(duplex({ connect: stream }).open(new ReceiverSpy()), "somewhere");
    await spy.untilLogged("closed");
    expect(spy.log).toEqual(["opened", "closed"]);
    expect(spy.error).toMatchObject({
      code: "closed",
      format: "duplex",
      actual: expect.stringMatching(/bytes/) as string,
    });
  });
});

/** A stream whose reader asked for text. */
class Texts extends PassThrough {
  constructor() {
    super();
    this.setEncoding("utf8");
    this.write("text");
  }
}

it("a link over a stream lets nothing leave before it is open", async () => {
  const [own, theirs] = nodePair();
  const received: Buffer[] = [];
  theirs.on("data", (chunk: Buffer) => received.push(chunk));
  const link = new StreamLink({ stream: own, peer: "p", issueOf: () => ({ code: "closed", format: "f", path: "" }) });
  const spy = new LinkSpy();
  link.attach(spy);
  link.write(Uint8Array.of(1, 2));
  link.shut();
  await turns();
  expect(received).toHaveLength(0);
  expect(link.queuedBytes).toBe(2);
  link.open();
  await expect.poll(() => Buffer.concat(received)).toHaveLength(2);
  expect(spy.log[0]).toBe("opened");
});
