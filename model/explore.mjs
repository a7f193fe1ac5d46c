// Breadth-first search over all states of a protocol, so that the first trace to a broken promise is a shortest one.

/** A set of states, each a few small numbers, numbered in the order they came. */
class States {
  #width;
  #bytes;
  #table = new Int32Array(1 << 20).fill(-1);
  count = 0;

  constructor(width) {
    this.#width = width;
    this.#bytes = new Uint8Array(width << 16);
  }

  /** The number of a state; new where it is the count before. */
  add(state) {
    if (this.count * 2 > this.#table.length) this.#grow();
    const slot = this.#slotOf(state, 0);
    if (this.#table[slot] !== -1) return this.#table[slot];
    if ((this.count + 1) * this.#width > this.#bytes.length) this.#bytes = enlarged(this.#bytes);
    this.#bytes.set(state, this.count * this.#width);
    this.#table[slot] = this.count;
    this.count += 1;
    return this.count - 1;
  }

  read(number, into) {
    into.set(this.#bytes.subarray(number * this.#width, (number + 1) * this.#width));
  }

  #slotOf(bytes, from) {
    const mask = this.#table.length - 1;
    let hash = 0x811c9dc5;
    for (let index = 0; index < this.#width; index += 1) hash = Math.imul(hash ^ bytes[from + index], 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#table[slot] !== -1 && !this.#same(this.#table[slot], bytes, from)) slot = (slot + 1) & mask;
    return slot;
  }

  #same(number, bytes, from) {
    const start = number * this.#width;
    for (let index = 0; index < this.#width; index += 1) {
      if (this.#bytes[start + index] !== bytes[from + index]) return false;
    }
    return true;
  }

  #grow() {
    this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let number = 0; number < this.count; number += 1) {
      this.#table[this.#slotOf(this.#bytes, number * this.#width)] = number;
    }
  }
}

const enlarged = (array) => {
  const larger = new array.constructor(array.length * 2);
  larger.set(array);
  return larger;
};

/** A list of numbers that grows. */
class Numbers {
  #numbers = new Int32Array(1 << 16);
  length = 0;

  push(number) {
    if (this.length === this.#numbers.length) this.#numbers = enlarged(this.#numbers);
    this.#numbers[this.length] = number;
    this.length += 1;
  }

  at(index) {
    return this.#numbers[index];
  }
}

/**
 * Walks a protocol: `start`, `steps(state, take)` where `take(label, change, breaks)` offers a step, `broken(state)` the
 * promises a state breaks, and `settled(state)` whether everything has ended.
 *
 * @param until - Asked with what has broken so far: where it is true the search ends, and nobody asks whether all can end.
 * @returns how many states and steps there are, the shortest trace to each broken promise, traces to what was noticed, and
 *   the arrows of the table that were taken.
 */
export function explore(protocol, { until = null } = {}) {
  const states = new States(protocol.start.length);
  const [parents, labels] = [new Numbers(), []];
  const [from, to] = [new Numbers(), new Numbers()];
  const [broken, noticed, arrows] = [new Map(), new Map(), new Set()];
  const traceTo = (number, last = []) => {
    const trace = [...last];
    for (let at = number; at > 0; at = parents.at(at)) trace.unshift(labels[at]);
    return trace;
  };

  states.add(protocol.start);
  parents.push(-1);
  labels.push('');
  const [state, next] = [protocol.start.slice(), protocol.start.slice()];
  let [current, steps] = [0, 0];
  const take = (label, change) => {
    next.set(state);
    const told = { breaks: null, notices: null, arrow: null };
    if (change(next, told) === false && told.breaks === null) return;
    steps += 1;
    if (told.arrow !== null) arrows.add(told.arrow);
    if (told.breaks !== null && !broken.has(told.breaks)) broken.set(told.breaks, traceTo(current, [label]));
    if (told.notices !== null && !noticed.has(told.notices)) noticed.set(told.notices, traceTo(current, [label]));
    const known = states.count;
    const number = states.add(next);
    if (number === known) {
      parents.push(current);
      labels.push(label);
    }
    from.push(current);
    to.push(number);
  };
  for (; current < states.count && !until?.(broken); current += 1) {
    states.read(current, state);
    for (const promise of protocol.broken(state)) if (!broken.has(promise)) broken.set(promise, traceTo(current));
    protocol.steps(state, take);
  }
  if (until === null) {
    const lost = firstThatCannotEnd(protocol, states, { from, to });
    if (lost !== -1) broken.set(protocol.everEnds, traceTo(lost));
  }
  return { states: states.count, steps, broken, noticed, arrows };
}

/** The first state from which no state is reachable in which everything has ended; -1 where there is none. */
function firstThatCannotEnd(protocol, states, { from, to }) {
  // Steps by the state they lead to, so that they can be walked backwards.
  const first = new Int32Array(states.count + 1);
  for (let step = 0; step < to.length; step += 1) first[to.at(step) + 1] += 1;
  for (let index = 0; index < states.count; index += 1) first[index + 1] += first[index];
  const [before, free] = [new Int32Array(to.length), first.slice()];
  for (let step = 0; step < to.length; step += 1) {
    before[free[to.at(step)]] = from.at(step);
    free[to.at(step)] += 1;
  }
  const [ends, waiting, state] = [new Uint8Array(states.count), new Numbers(), protocol.start.slice()];
  for (let number = 0; number < states.count; number += 1) {
    states.read(number, state);
    if (protocol.settled(state)) {
      ends[number] = 1;
      waiting.push(number);
    }
  }
  for (let index = 0; index < waiting.length; index += 1) {
    const number = waiting.at(index);
    for (let step = first[number]; step < first[number + 1]; step += 1) {
      if (ends[before[step]] === 1) continue;
      ends[before[step]] = 1;
      waiting.push(before[step]);
    }
  }
  return ends.indexOf(0);
}
