const HIDDEN = '[hidden]';

/**
 * A value no printer prints: `String`, `JSON.stringify`, `util.inspect` and template strings all give `[hidden]`.
 *
 * The original of a task definition travels in one from describe to register. `open` is called in two places only,
 * building the copy and comparing the answer; a test lists them.
 */
class SealedValue<T> {
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
class MaskedValue {
  readonly #fingerprint: string;

  /** @param fingerprint - Keyed hash of the value, made with a key only this process holds. */
  constructor(fingerprint: string) {
    this.#fingerprint = fingerprint;
  }

  /** Whether both stand for the same value. */
  equals(other: unknown): boolean {
    return other instanceof MaskedValue && other.#fingerprint === this.#fingerprint;
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

const PLACE = Symbol.for('ecs-rollback.sealed');
type Classes = { readonly Sealed: typeof SealedValue; readonly Masked: typeof MaskedValue };
type Place = { [PLACE]?: Classes };

/**
 * The classes of this process. Start-up and pages are bundled apart, each with a copy of this file: a value made by one
 * copy would be an empty object to the other, and differ from nothing.
 */
const place = globalThis as Place;
place[PLACE] ??= { Sealed: SealedValue, Masked: MaskedValue };

export const Sealed = place[PLACE].Sealed;
export type Sealed<T> = SealedValue<T>;

export const Masked = place[PLACE].Masked;
export type Masked = MaskedValue;
