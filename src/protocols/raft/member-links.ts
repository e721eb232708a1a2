/** By which links a member is asked by others, and asks them. */
import type { MemberId } from "./core/messages.js";

/** Members whose link is kept. A configuration has 64 at most; whoever else says an id is forgotten for a newer one. */
const ASKERS_MAX = 256;

/** The links between members. Each asks by links of its own, and is answered on these. */
export class MemberLinks {
  /** Where a member has asked last: its answers go there. */
  readonly #askers = new Map<MemberId, number>();
  /** Links of this member, and whom it asks by them. */
  readonly #asked = new Map<number, MemberId>();

  /** A link of this member to another is open. */
  opened(link: number, member: MemberId): void {
    this.#asked.set(link, member);
  }

  closed(link: number): void {
    this.#asked.delete(link);
    for (const [member, by] of this.#askers) if (by === link) this.#askers.delete(member);
  }

  /** A member, or someone who says so, asks by a link. */
  asks(member: MemberId, link: number): void {
    if (this.#askers.size >= ASKERS_MAX && !this.#askers.has(member)) {
      const [oldest] = this.#askers.keys();
      this.#askers.delete(oldest!);
    }
    this.#askers.set(member, link);
  }

  /** The link on which a member is answered. */
  linkOf(member: MemberId): number | undefined {
    return this.#askers.get(member);
  }

  /** Whether an answer may be a member's: they come by the links that this side has opened to it, and by no other. */
  mayAnswer(member: MemberId, link: number): boolean {
    return this.#asked.get(link) === member;
  }
}
