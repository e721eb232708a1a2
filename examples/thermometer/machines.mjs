/** A thermometer and who asks it, as machines: no socket, no clock, no randomness. */
import { Calls, countUp } from "specwire/machine";
import { encodeAnswer, encodeQuestion, tryDecodeAnswer, tryDecodeQuestion } from "./codec/thermometer.mjs";

/** Answers each question by the temperature that `read` gives, in tenths of a degree. */
export class Thermometer {
  #read;

  constructor(read) {
    this.#read = read;
  }

  step(event, _nowMs, out) {
    if (event.type !== "datagram") return;
    const question = tryDecodeQuestion(event.bytes);
    // Noise and damage: who asks will ask again.
    if (!question.ok) return;
    const bytes = encodeAnswer({ number: question.value.number, tenths: this.#read() });
    out.push({ type: "datagram", peer: event.peer, bytes });
  }

  nextWakeMs() {
    return Infinity;
  }
}

/** Each call asks one thermometer, `{ peer }`, again every 200 ms, and settles with degrees. */
export class Reader {
  #nextNumber = countUp();
  #calls = new Calls({
    format: "thermometer",
    attemptsMax: Infinity,
    attemptTimeoutMs: 200,
    send: ({ request: { peer } }, _nowMs, out) => {
      const number = this.#nextNumber();
      out.push({ type: "datagram", peer, bytes: encodeQuestion({ number }) });
      return { key: number };
    },
  });

  step(event, nowMs, out) {
    this.#calls.step(event, nowMs, out);
    if (event.type !== "datagram") return;
    const answer = tryDecodeAnswer(event.bytes);
    if (!answer.ok) return;
    const { number, tenths } = answer.value;
    this.#calls.settle(number, { ok: true, value: tenths / 10 }, nowMs, out);
  }

  nextWakeMs() {
    return this.#calls.nextMs;
  }
}
