/** Messages that wait: in the order in which they were sent, until somebody delivers or drops them. */
import type { MessageFilter, MessageKind } from "./form.js";

/** What a filter looks at. */
export interface Addressed {
  readonly from: number;
  readonly to: number;
  readonly kind: MessageKind;
}

/** The messages that fit all lists that a filter has. */
export function fitting<Message extends Addressed>(
  messages: readonly Message[],
  { to, from, kinds }: MessageFilter,
): Message[] {
  return messages.filter(
    (message) =>
      to?.includes(message.to) !== false &&
      from?.includes(message.from) !== false &&
      kinds?.includes(message.kind) !== false,
  );
}

/** Messages in one order of delivery: oldest first, or receiver by receiver in the order of `to`. */
export function ordered<Message extends Addressed>(
  messages: readonly Message[],
  { to, n, order }: { readonly to?: readonly number[]; readonly n?: number; readonly order?: "reverse" },
): Message[] {
  const chosen = messages.slice(0, n);
  const byReceiver = to === undefined ? chosen : chosen.sort((a, b) => to.indexOf(a.to) - to.indexOf(b.to));
  return order === "reverse" ? byReceiver.toReversed() : byReceiver;
}

/** The pool, with the cuts through which nothing enters it. */
export class MessagePool<Message extends Addressed> {
  readonly #waiting = new Set<Message>();
  #cuts: readonly (readonly [from: number, to: number])[] = [];

  /** All that wait, the oldest first. */
  get waiting(): Message[] {
    return [...this.#waiting];
  }

  /** Adds a message, unless its way is cut. */
  send(message: Message): void {
    const isCut = this.#cuts.some(([from, to]) => from === message.from && to === message.to);
    if (!isCut) this.#waiting.add(message);
  }

  /** Takes a message out. */
  take(message: Message): void {
    this.#waiting.delete(message);
  }

  /** Discards what is sent from now on from one core of a pair to the other. */
  cut(pairs: readonly (readonly [from: number, to: number])[]): void {
    this.#cuts = [...this.#cuts, ...pairs];
  }

  /** Ends all cuts. */
  heal(): void {
    this.#cuts = [];
  }
}
