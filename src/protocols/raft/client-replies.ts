/** Answers to clients, and to members that forward, by the links on which they have asked. */
import type { WireIssue } from "../../errors.js";
import type { ClientAnswer, ClientHead, ClientRequest } from "./wire/client-messages.js";
import { codeAnswer } from "./wire/client-messages.js";

/** The links on which answers leave. */
export interface ReplyLinks {
  isOpen(link: number): boolean;
  /** @returns why it was not sent */
  send(link: number, body: { command: number; payload: Uint8Array }): WireIssue | undefined;
  shut(link: number): void;
}

/** Bytes of results in one turn. Links are known to be congested only after it, and memory is no place for more. */
const TURN_BYTES_MAX = 64 << 20;
const NO_RESULT = new Uint8Array(0);

/** Answers, bounded by what links and memory take. */
export class ClientReplies {
  readonly #links: ReplyLinks;
  #turnBytes = 0;

  constructor(links: ReplyLinks) {
    this.#links = links;
  }

  /** The links have told what they take. */
  endTurn(): void {
    this.#turnBytes = 0;
  }

  /**
   * Answers a request. Where the result does not fit, its asker is told so: `limit` of a read, and `uncertain` of what
   * may have changed something. A link that does not take even that is shut: its peer asks and does not read.
   */
  reply(link: number, type: ClientRequest["type"], answer: ClientAnswer, head: ClientHead): void {
    if (!this.#links.isOpen(link)) return;
    this.#turnBytes += answer.result.length;
    const hasRoom = this.#turnBytes <= TURN_BYTES_MAX;
    if (hasRoom && this.#links.send(link, codeAnswer(type, answer, head)) === undefined) return;
    const status = type === "read" || answer.status !== "ok" ? "limit" : "uncertain";
    const refusal = { ...answer, status, result: NO_RESULT } as const;
    if (this.#links.send(link, codeAnswer(type, refusal, head)) !== undefined) this.#links.shut(link);
  }
}
