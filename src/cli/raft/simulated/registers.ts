/** Registers as a replicated state: keys with values, and the numbers of the operations that were executed. */
import type { SnapshotSink, SnapshotSource, StateMachine } from "../../../protocols/raft/core/state-machine.js";
import type { RegisterInput, RegisterOutput } from "../../../testing/index.js";

/** An operation under a number of its own, which no other operation has. */
export interface NumberedOperation {
  readonly number: number;
  readonly input: RegisterInput;
}

/** What an operation was, where it was executed, and what it came to. */
export interface Execution extends NumberedOperation {
  readonly index: number;
  readonly output: RegisterOutput;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeOperation(operation: NumberedOperation): Uint8Array {
  return encoder.encode(JSON.stringify(operation));
}

export function decodeOperation(bytes: Uint8Array): NumberedOperation {
  return JSON.parse(decoder.decode(bytes)) as NumberedOperation;
}

/** True and false as answers of a `cas`; every other operation answers with nothing. */
const YES = Uint8Array.of(1);
const NO = Uint8Array.of(0);
const NOTHING = new Uint8Array(0);

/** What the answer of an operation says. */
export function outputOf(answer: Uint8Array): RegisterOutput {
  return answer.length === 0 ? undefined : answer[0] === 1;
}

/** One member's registers. */
export class RegisterMachine implements StateMachine {
  values = new Map<string, string>();
  /** Numbers of the operations that were executed. */
  executed = new Set<number>();
  /** Called after each execution. */
  readonly #told: (execution: Execution, isRepeated: boolean) => void;

  constructor(told: (execution: Execution, isRepeated: boolean) => void = () => {}) {
    this.#told = told;
  }

  apply({ index, data }: { readonly index: number; readonly data: Uint8Array }): Uint8Array {
    const { number, input } = decodeOperation(data);
    const isRepeated = this.executed.has(number);
    this.executed.add(number);
    const answer = this.#execute(input);
    this.#told({ number, input, index, output: outputOf(answer) }, isRepeated);
    return answer.slice();
  }

  snapshot(): SnapshotSource {
    // Sorted, so that equal states have equal bytes.
    const values = [...this.values].toSorted(([a], [b]) => (a < b ? -1 : 1));
    let left: Uint8Array = encoder.encode(
      JSON.stringify({ values, executed: [...this.executed].toSorted((a, b) => a - b) }),
    );
    return {
      next(bytesMax) {
        if (left.length === 0) return undefined;
        const part = left.slice(0, bytesMax);
        left = left.subarray(part.length);
        return part;
      },
    };
  }

  restore(): SnapshotSink {
    const parts: Uint8Array[] = [];
    return {
      write: (bytes) => void parts.push(bytes.slice()),
      finish: () => {
        const text = decoder.decode(Buffer.concat(parts));
        const { values, executed } = JSON.parse(text) as { values: [string, string][]; executed: number[] };
        return () => {
          this.values = new Map(values);
          this.executed = new Set(executed);
        };
      },
    };
  }

  #execute(input: RegisterInput): Uint8Array {
    switch (input.kind) {
      case "get":
        return NOTHING;
      case "put":
        this.values.set(input.key, input.value);
        return NOTHING;
      case "delete":
        this.values.delete(input.key);
        return NOTHING;
      case "cas":
        if (this.values.get(input.key) !== input.expected) return NO;
        this.values.set(input.key, input.value);
        return YES;
    }
  }
}
