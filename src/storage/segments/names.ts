/** The names of segment files: one for each key, on every file system. */

/** Keys that a disk of segments can hold: at most 80 characters, so that no name is longer than 244. */
export const SEGMENT_KEY = /^[\x20-\x7e]{1,80}$/;
const END = ".seg";
const NAME = /^((?:[a-z0-9_-]|%[0-9a-f]{2})+)\.seg$/;

/**
 * The file of a key: everything but small letters, digits, `-` and `_` as `%` and two digits, since file systems may
 * not tell `A` from `a`.
 */
export function nameOf(key: string): string {
  return key.replace(/[^a-z0-9_-]/g, (char) => `%${char.charCodeAt(0).toString(16)}`) + END;
}

/** The key of a file; undefined if it is none of a segment. */
export function keyOf(name: string): string | undefined {
  const key = NAME.exec(name)?.[1]!.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return key !== undefined && SEGMENT_KEY.test(key) && nameOf(key) === name ? key : undefined;
}
