/** Compares what our codecs and those of the official compiler read. */

/** The path of the first member that the two read otherwise; undefined where there is none. */
export function isReadAlike(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (typeof ours === "bigint" || typeof ours === "number") {
    if (isGroups(theirs)) {
      // Theirs computes the number as floats, which is exact as far as they are.
      const isSame = isNumberOf(theirs.groups, BigInt(ours)) && Number(theirs.value) === Number(ours);
      return isSame ? undefined : path;
    }
    if (typeof ours === "number") {
      const isMisread = Number.isSafeInteger(ours) && ours < -(2 ** 31) && misread(BigInt(ours)) === theirs;
      return Object.is(ours, theirs) || ours === theirs || isMisread ? undefined : path;
    }
    return Number(ours) === theirs || misread(ours) === theirs ? undefined : path;
  }
  if (ours instanceof Uint8Array)
    return theirs instanceof Uint8Array && Buffer.compare(ours, theirs) === 0 ? undefined : path;
  if (Array.isArray(ours)) {
    if (!Array.isArray(theirs) || ours.length !== theirs.length) return path;
    return first(ours.map((one, i) => isReadAlike(one, theirs[i], `${path}[${i}]`)));
  }
  if (typeof ours === "object" && ours !== null) {
    if (typeof theirs !== "object" || theirs === null) return path;
    const other = theirs as Record<string, unknown>;
    // Theirs has no word for the kind of a case.
    const members = Object.entries(ours).filter(([key]) => key !== "kind" || key in other);
    return first(
      members.map(([key, value]) =>
        isReadAlike(value, value === undefined ? other[key] : memberOf(other, key), `${path}.${key}`),
      ),
    );
  }
  return ours === theirs ? undefined : path;
}

/** A member of theirs; what stands beside the fields that all cases share with us is in an object of its own there. */
function memberOf(theirs: Readonly<Record<string, unknown>>, key: string): unknown {
  if (key in theirs) return theirs[key];
  if (`_${key}` in theirs) return theirs[`_${key}`];
  const own = Object.entries(theirs).filter(([name]) => !name.startsWith("_"));
  const holder = own.find(([, inner]) => typeof inner === "object" && inner !== null && key in inner);
  return (holder?.[1] as Record<string, unknown> | undefined)?.[key];
}

function first(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined);
}

function isGroups(value: unknown): value is { groups: number[]; value: unknown } {
  return typeof value === "object" && value !== null && Array.isArray((value as { groups?: unknown }).groups);
}

/** The number that groups of seven bits make in one of the two orders. */
function isNumberOf(groups: readonly number[], ours: bigint): boolean {
  const all = groups.map((group) => BigInt(group & 127));
  return [all, all.toReversed()].some((list) => list.reduce((sum, group) => sum * 128n + group, 0n) === ours);
}

/** What the official JavaScript makes of a negative integer of 8 bytes. */
function misread(value: bigint): number {
  const [high, low] = [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asUintN(32, value))];
  return value >= 0n ? Number(value) : -(2 ** 32 * ~high + ~low) - 1;
}
