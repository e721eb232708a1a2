/** Closing several things, of which one may fail. */

type Closer = () => Promise<unknown> | undefined;

/**
 * Closes one after the other, all of them also where one fails: what it leaves open keeps the lock of no other folder.
 * @throws the first failure, at the end
 */
export async function closeAll(...closers: readonly Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Does something, and closes what it needs if it fails. @throws what it failed with, whatever closing comes to */
export async function orClose<T>(action: () => Promise<T>, ...closers: readonly Closer[]): Promise<T> {
  try {
    return await action();
  } catch (error) {
    await closeAll(...closers).catch(() => {});
    throw error;
  }
}
