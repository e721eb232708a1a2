/** Profiles of RPC. */

/** `strict` keeps what is safe; `reference` treats Go peers as they treat each other. */
export type RpcProfile = "strict" | "reference";
