/** A page of a browser asks a thermometer on UDP: a bridge takes WebSockets, and each has a UDP port of its own. */
import { FrameReader } from "specwire/codec";
import { run } from "specwire/host";
import { Calls, countDown, countUp } from "specwire/machine";
import { combine, udp, webSocket } from "specwire/transport";
import {
  encodeQuestion,
  peekAnswerLength,
  peekQuestionLength,
  tryDecodeAnswer,
} from "./thermometer/codec/thermometer.mjs";
import { Thermometer } from "./thermometer/machines.mjs";

/** Questions of a link become datagrams to one peer; what comes back to the port of the link is written to it. */
class Bridge {
  #peer;
  #nextOp = countUp();
  #links = new Map();

  constructor(peer) {
    this.#peer = peer;
  }

  step(event, _nowMs, out) {
    const { type, link } = event;
    if (type === "opened") {
      const op = this.#nextOp();
      this.#links.set(link, { op, frames: new FrameReader(peekQuestionLength, 64), local: undefined });
      out.push({ type: "bind", op, local: "127.0.0.1:0" }, { type: "pause", link });
    } else if (type === "bound") {
      for (const [id, state] of this.#links) {
        if (state.op !== event.op) continue;
        state.local = event.local;
        out.push({ type: "resume", link: id });
      }
    } else if (type === "bytes") {
      const { frames, local } = this.#links.get(link);
      const refusal = frames.read(event.bytes, (bytes, at, end) => {
        out.push({ type: "datagram", peer: this.#peer, bytes: bytes.slice(at, end), local });
      });
      if (refusal !== undefined) out.push({ type: "abort", link });
    } else if (type === "datagram") {
      for (const [id, { local }] of this.#links) {
        if (event.local === local && event.peer === this.#peer) {
          out.push({ type: "write", link: id, bytes: event.bytes.slice() });
        }
      }
    } else if (type === "closed") {
      const { local } = this.#links.get(link);
      this.#links.delete(link);
      if (local !== undefined) out.push({ type: "release", local });
    }
  }

  nextWakeMs() {
    return Infinity;
  }
}

/** Runs in the page: one link for all calls, `{ peer }`. */
export class PageReader {
  #nextNumber = countUp();
  #nextLink = countDown();
  #link;
  #frames;
  #calls = new Calls({
    format: "thermometer",
    send: ({ request: { peer } }, _nowMs, out) => {
      if (this.#link === undefined) {
        this.#link = this.#nextLink();
        this.#frames = new FrameReader(peekAnswerLength, 64);
        out.push({ type: "connect", link: this.#link, peer });
      }
      const number = this.#nextNumber();
      out.push({ type: "write", link: this.#link, bytes: encodeQuestion({ number }) });
      return { key: number, link: this.#link };
    },
  });

  step(event, nowMs, out) {
    this.#calls.step(event, nowMs, out);
    if (event.type === "closed") this.#link = undefined;
    if (event.type === "stop" && this.#link !== undefined) out.push({ type: "shut", link: this.#link });
    if (event.type !== "bytes") return;
    this.#frames.read(event.bytes, (bytes, at, end) => {
      const answer = tryDecodeAnswer(bytes, at, end);
      if (!answer.ok) return;
      const { number, tenths } = answer.value;
      this.#calls.settle(number, { ok: true, value: tenths / 10 }, nowMs, out);
    });
  }

  nextWakeMs() {
    return this.#calls.nextMs;
  }
}

const thermometer = run(new Thermometer(() => 215), { transport: udp() });
// Pages are named by their origins; without `origins` other programs may connect, and no page.
const streams = webSocket({ origins: ["https://page.example"] });
const bridge = run(new Bridge(await thermometer.listen("127.0.0.1:0")), {
  transport: combine({ streams, datagrams: udp(), listens: "streams" }),
});
const peer = await bridge.listen("127.0.0.1:0");

// In the page: `import { webSocket } from "specwire/transport/web"`, and `peer: "wss://bridge.example/"`.
const page = run(new PageReader(), { transport: webSocket() });
console.log(await page.call({ peer }, { timeoutMs: 5_000 }), "degrees, in the page");
console.log(await page.call({ peer }, { timeoutMs: 5_000 }), "degrees, over the same link");

await page.stop();
await bridge.stop();
await thermometer.stop();
