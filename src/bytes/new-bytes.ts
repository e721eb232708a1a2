/** The type of newly made bytes. */

/**
 * A new Uint8Array, which nobody else holds. Since TypeScript 5.9 `Blob`, `fetch` and `crypto.subtle` refuse the type
 * Uint8Array, whose memory could be shared, and take this one. It is derived because TypeScript before 5.7 has no
 * parameter for the memory.
 */
export type NewBytes = ReturnType<typeof Uint8Array.of>;
