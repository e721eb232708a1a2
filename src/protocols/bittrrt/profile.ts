/** `strict` refuses what a peer should not send; `reference` does what the reference does, for parity. */
export type BittrrtProfile = "strict" | "reference";
