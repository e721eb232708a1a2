/** A thermometer at a serial line, asked over UDP: questions go to the line, answers to whoever asked. */
import { Duplex } from "node:stream";
import { FrameReader } from "specwire/codec";
import { run } from "specwire/host";
import { combine, duplex, udp } from "specwire/transport";
import {
  encodeAnswer,
  decodeQuestion,
  peekAnswerLength,
  tryDecodeAnswer,
  tryDecodeQuestion,
} from "./thermometer/codec/thermometer.mjs";
import { Reader } from "./thermometer/machines.mjs";

/** Who is owed an answer by its number; a question that is never answered makes room for a later one. */
const ASKED_MAX = 256;

class Gateway {
  // A line has noise: what is no frame is skipped up to the next one that is.
  #frames = new FrameReader(peekAnswerLength, 64, "line", { resync: true });
  #asked = new Map();
  #links = 0;
  #isOpen = false;

  step(event, _nowMs, out) {
    if (event.type === "datagram") {
      const question = tryDecodeQuestion(event.bytes);
      if (!question.ok) return;
      if (!this.#isOpen) out.push({ type: "connect", link: --this.#links, peer: "line" });
      this.#isOpen = true;
      this.#asked.set(question.value.number, event.peer);
      if (this.#asked.size > ASKED_MAX) this.#asked.delete(this.#asked.keys().next().value);
      out.push({ type: "write", link: this.#links, bytes: event.bytes.slice() });
    } else if (event.type === "bytes") {
      this.#frames.read(event.bytes, (bytes, at, end) => {
        const answer = tryDecodeAnswer(bytes, at, end);
        if (!answer.ok) return "damaged";
        const peer = this.#asked.get(answer.value.number);
        this.#asked.delete(answer.value.number);
        if (peer !== undefined) out.push({ type: "datagram", peer, bytes: bytes.slice(at, end) });
        return true;
      });
    } else if (event.type === "closed") this.#isOpen = false;
  }

  nextWakeMs() {
    return Infinity;
  }
}

// In place of `new SerialPort({ path: "/dev/ttyUSB0", baudRate: 9_600 })` of the package serialport: any Duplex will do.
// This device puts noise before each answer.
const device = new Duplex({
  read() {},
  write(question, _encoding, done) {
    this.push(Buffer.from("noise"));
    this.push(encodeAnswer({ number: decodeQuestion(question).number, tenths: -40 }));
    done();
  },
});

const streams = duplex({ connect: () => device });
const gateway = run(new Gateway(), { transport: combine({ streams, datagrams: udp(), listens: "datagrams" }) });
const peer = await gateway.listen("127.0.0.1:0");
const client = run(new Reader(), { transport: udp() });
await client.listen("127.0.0.1:0");
console.log(await client.call({ peer }, { timeoutMs: 5_000 }), "degrees at the other end of the line");
await client.stop();
await gateway.stop();
