/** Operations that wait for each other by key, and run in groups where they can. */

/** An operation on some keys. */
export interface Operation {
  readonly keys: readonly string[];
  /** Runs it, with those behind it that join its group. Never rejects. */
  readonly run: (group: readonly Operation[]) => Promise<void>;
  /** Size of an operation that may join a group of its kind on its one key; undefined for one that runs alone. */
  readonly groupBytes?: number;
}

/** The operations of one key, in the order of their calls. */
interface Queue {
  operations: Operation[];
  isRunning: boolean;
}

/** Runs operations on one key one after the other, and those on different keys side by side. */
export class KeyQueues {
  readonly #queues = new Map<string, Queue>();
  #running = 0;
  #whenEmpty: (() => void)[] = [];
  readonly #groupBytesMax: number;

  /** @param groupBytesMax of the operations of a group; a larger one runs alone */
  constructor(groupBytesMax: number) {
    this.#groupBytesMax = groupBytesMax;
  }

  /** Keys with operations that have not ended. */
  keys(): string[] {
    return [...this.#queues.keys()];
  }

  has(key: string): boolean {
    return this.#queues.has(key);
  }

  add(operation: Operation): void {
    let isFirst = true;
    for (const key of operation.keys) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, { operations: [operation], isRunning: false });
      else isFirst = queue.operations.push(operation) === 1 && isFirst;
    }
    this.#running++;
    // What is called in the same turn can join the group.
    if (isFirst) queueMicrotask(() => this.#startIfFirst(operation));
  }

  /** Resolves when all operations have ended. */
  whenEmpty(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #startIfFirst(operation: Operation): void {
    const queues = operation.keys.map((key) => this.#queues.get(key));
    if (queues.some((queue) => queue === undefined || queue.isRunning || queue.operations[0] !== operation)) return;
    for (const queue of queues) queue!.isRunning = true;
    const group =
      operation.groupBytes === undefined ? [operation] : groupAt(queues[0]!.operations, this.#groupBytesMax);
    void operation.run(group).then(() => this.#end(operation.keys, group));
  }

  #end(keys: readonly string[], group: readonly Operation[]): void {
    this.#running -= group.length;
    const next = new Set<Operation>();
    for (const key of keys) {
      const queue = this.#queues.get(key)!;
      queue.operations = queue.operations.slice(group.length);
      queue.isRunning = false;
      if (queue.operations.length > 0) next.add(queue.operations[0]!);
      else this.#queues.delete(key);
    }
    for (const operation of next) this.#startIfFirst(operation);
    if (this.#running === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

/** The operations at the head of a queue that run together. */
function groupAt(operations: readonly Operation[], bytesMax: number): readonly Operation[] {
  let bytes = 0;
  let count = 0;
  for (const { groupBytes } of operations) {
    if (groupBytes === undefined || (count > 0 && bytes + groupBytes > bytesMax)) break;
    bytes += groupBytes;
    count++;
  }
  return operations.slice(0, count);
}
