/** The value that overwrites borrowed bytes once their borrower has returned. */

/** A view of borrowed bytes that was kept shows this value: tests and replays notice it. */
export const POISON = 0xdb;
