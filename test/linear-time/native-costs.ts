import { matchCounted, type CountedMatch, type StepCounter } from './regex-machine.js';

/** What a built-in function costs, by what it was given and what it gave. */
type Cost = (self: unknown, given: readonly unknown[], found: unknown) => number;

const sizeOf = (value: unknown): number =>
  typeof value === 'string' || value instanceof Uint8Array || Array.isArray(value) ? value.length : 1;
const ofSelf: Cost = (self) => sizeOf(self);
const ofResult: Cost = (_self, _given, found) => sizeOf(found);
const ofGiven: Cost = (_self, given) => sizeOf(given[0]);
/** From where the search begins to where it ended. */
const ofSearch: Cost = (self, given, found) => {
  const from = typeof given[1] === 'number' ? given[1] : 0;
  return Math.max(1, (typeof found === 'number' && found >= 0 ? found + 1 : sizeOf(self)) - from);
};

/** Functions that look at more than one character, byte or entry without a step of JavaScript for each. */
const COSTS: readonly (readonly [owner: object, costs: Readonly<Record<string, Cost>>])[] = [
  [
    String.prototype,
    {
      ...{ indexOf: ofSearch, lastIndexOf: ofSelf, includes: ofSearch, split: ofSelf, replace: ofSelf },
      ...{ replaceAll: ofSelf, slice: ofResult, substring: ofResult, trim: ofSelf, trimStart: ofSelf },
      ...{
        trimEnd: ofSelf,
        toLowerCase: ofSelf,
        toUpperCase: ofSelf,
        startsWith: ofGiven,
        endsWith: ofGiven,
      },
      ...{ repeat: ofResult, padStart: ofResult, padEnd: ofResult, concat: ofResult, normalize: ofSelf },
    },
  ],
  [
    Array.prototype,
    {
      ...{ includes: ofSelf, indexOf: ofSelf, join: ofResult, slice: ofResult, concat: ofResult },
      ...{ reverse: ofSelf, sort: ofSelf, splice: ofSelf, shift: ofSelf, unshift: ofSelf, flat: ofResult },
    },
  ],
  [Buffer.prototype, { toString: ofSelf, indexOf: ofSearch, includes: ofSearch, equals: ofSelf }],
  [Buffer, { from: ofGiven, concat: ofResult }],
  [JSON, { parse: ofGiven, stringify: ofResult }],
  [Object, { keys: ofResult, values: ofResult, entries: ofResult, fromEntries: ofResult }],
];

const nativeExec = RegExp.prototype.exec;
const nativeIterator = Array.prototype[Symbol.iterator];

/** Whether the counting itself is at work, whose own calls cost nothing. */
let isPaused = false;

/**
 * Runs `work` while built-in functions add what they cost to the counter: regular expressions the steps of a backtracking
 * machine, spread and `for … of` over arrays one for each entry. All is put back afterwards.
 *
 * @throws Error where the machine matches otherwise than the engine
 */
export function withCosts<T>(counter: StepCounter, work: () => T): T {
  const undo: (() => void)[] = [];
  for (const [owner, costs] of COSTS)
    for (const [name, cost] of Object.entries(costs)) undo.push(count(owner, name, { cost, counter }));
  undo.push(put(RegExp.prototype, 'exec', countedExec(counter)));
  undo.push(put(Array.prototype, Symbol.iterator, countedIterator(counter)));
  try {
    return work();
  } finally {
    for (let at = undo.length - 1; at >= 0; at -= 1) undo[at]?.();
  }
}

function count(
  owner: object,
  name: string,
  { cost, counter }: { readonly cost: Cost; readonly counter: StepCounter },
): () => void {
  const native = Reflect.get(owner, name) as (...given: readonly unknown[]) => unknown;
  return put(owner, name, function counted(this: unknown, ...given: readonly unknown[]): unknown {
    const found = Reflect.apply(native, this, given);
    if (!isPaused) counter.steps += cost(this, given, found);
    return found;
  });
}

function put(owner: object, name: string | symbol, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
  Object.defineProperty(owner, name, { ...before, value });
  return () => Object.defineProperty(owner, name, before);
}

function countedExec(counter: StepCounter): typeof nativeExec {
  return function exec(this: RegExp, text: string): RegExpExecArray | null {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = Reflect.apply(nativeExec, this, [text]) as RegExpExecArray | null;
    if (isPaused || from > text.length) return found;
    isPaused = true;
    try {
      checkSame(this, found, matchCounted(this, text, from, counter));
    } finally {
      isPaused = false;
    }
    return found;
  };
}

function checkSame(pattern: RegExp, found: RegExpExecArray | null, counted: CountedMatch | undefined): void {
  const end = found ? found.index + (found[0] ?? '').length : undefined;
  if (counted?.index !== found?.index || counted?.end !== end)
    throw new Error(`/${pattern.source}/ is counted otherwise than it matches`);
}

function countedIterator(counter: StepCounter): () => Iterator<unknown> {
  return function iterate(this: readonly unknown[]): Iterator<unknown> {
    if (!isPaused) counter.steps += this.length;
    return Reflect.apply(nativeIterator, this, []) as Iterator<unknown>;
  };
}
