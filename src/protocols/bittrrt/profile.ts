/** The profiles of a peer. */

/** `strict` refuses whatever a peer must not send; `reference` behaves as the reference implementation does. */
export type BittrrtProfile = "strict" | "reference";
