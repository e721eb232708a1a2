/** An echo as machines. */

/** Cuts a stream into replies of one size, each in memory of its own. */
export class Replies {
  #reply;
  #at = 0;
  #done;

  constructor(size, done) {
    this.#reply = new Uint8Array(size);
    this.#done = done;
  }

  push(bytes) {
    for (let from = 0; from < bytes.length;) {
      const reply = this.#reply;
      const part = bytes.subarray(from, from + reply.length - this.#at);
      reply.set(part, this.#at);
      from += part.length;
      this.#at += part.length;
      if (this.#at < reply.length) return;
      this.#reply = new Uint8Array(reply.length);
      this.#at = 0;
      this.#done(reply);
    }
  }
}

export class EchoServer {
  halfOpen = true;

  step(event, _nowMs, out) {
    // The bytes of an event are borrowed, those of a write are given away.
    if (event.type === "bytes") out.push({ type: "write", link: event.link, bytes: event.bytes.slice() });
    else if (event.type === "ended") out.push({ type: "shut", link: event.link });
  }

  nextWakeMs() {
    return Infinity;
  }
}

/** All calls on one connection, in their order. */
export class OneClient {
  #peer;
  #isConnected = false;
  #calls = [];
  #replies;
  #out;

  constructor(peer, size) {
    this.#peer = peer;
    this.#replies = new Replies(size, (value) => this.#out.push({ type: "settle", id: this.#calls.shift(), value }));
  }

  step(event, _nowMs, out) {
    if (event.type === "call") {
      if (!this.#isConnected) out.push({ type: "connect", link: -1, peer: this.#peer });
      this.#isConnected = true;
      this.#calls.push(event.id);
      out.push({ type: "write", link: -1, bytes: event.request });
    } else if (event.type === "bytes") {
      this.#out = out;
      this.#replies.push(event.bytes);
    }
  }

  nextWakeMs() {
    return Infinity;
  }
}

/** Each call on a connection of its own. */
export class EachClient {
  #peer;
  #size;
  #lastLink = 0;
  #calls = new Map();
  #out;

  constructor(peer, size) {
    this.#peer = peer;
    this.#size = size;
  }

  step(event, _nowMs, out) {
    this.#out = out;
    if (event.type === "call") {
      const link = --this.#lastLink;
      const { id, request } = event;
      const replies = new Replies(this.#size, (value) =>
        this.#out.push({ type: "shut", link }, { type: "settle", id, value }),
      );
      this.#calls.set(link, { request, replies });
      out.push({ type: "connect", link, peer: this.#peer });
    } else if (event.type === "opened") {
      out.push({ type: "write", link: event.link, bytes: this.#calls.get(event.link).request });
    } else if (event.type === "bytes") {
      this.#calls.get(event.link).replies.push(event.bytes);
    } else if (event.type === "closed") {
      this.#calls.delete(event.link);
    }
  }

  nextWakeMs() {
    return Infinity;
  }
}
