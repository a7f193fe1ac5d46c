const HIDDEN = '[hidden]';

/**
 * A value no printer prints: `String`, `JSON.stringify`, `util.inspect` and template strings all give `[hidden]`.
 *
 * The original of a task definition travels in one from describe to register. `open` is called in two places only,
 * building the copy and comparing the answer; a test lists them.
 */
export class Sealed<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, for the AWS call that needs it. */
  open(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}

/**
 * A value that must not leave the AWS adapter, known only by a keyed fingerprint: two of them can be compared,
 * nothing else. Prints `[hidden]`.
 */
export class Masked {
  readonly #fingerprint: string;

  /** @param fingerprint - Keyed hash of the value, made with a key only this process holds. */
  constructor(fingerprint: string) {
    this.#fingerprint = fingerprint;
  }

  /** Whether both stand for the same value. */
  equals(other: unknown): boolean {
    return other instanceof Masked && other.#fingerprint === this.#fingerprint;
  }

  /**
   * The keyed fingerprint, for the decision hash of a plan alone: it goes into another keyed hash and never out.
   */
  fingerprint(): string {
    return this.#fingerprint;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
