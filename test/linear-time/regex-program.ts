/** One instruction of a compiled pattern; `step` of them are what is counted. */
export type Instruction =
  | { readonly op: 'char'; readonly test: CharacterTest }
  /** Goes on at the first, and at the second where that fails. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly register: number }
  /** Fails where nothing was read since the register was saved: a loop ends there. */
  | { readonly op: 'moved'; readonly register: number }
  | { readonly op: 'begin' | 'end' | 'match' }
  | { readonly op: 'back'; readonly group: number }
  | { readonly op: 'look'; readonly program: Program; readonly isNegative: boolean }
  /** Asks the character before. */
  | { readonly op: 'behind'; readonly test: CharacterTest; readonly isNegative: boolean };

export type Program = readonly Instruction[];

/** Whether the pattern's character is the code point. */
export type CharacterTest = (codePoint: number) => boolean;

/** A pattern that this reader doesn't know; say so rather than count wrongly. */
export class UnknownPattern extends Error {
  constructor(what: string, source: string) {
    super(`${what} in /${source}/: teach it to test/linear-time/regex-program.ts`);
    this.name = 'UnknownPattern';
  }
}

const QUANTIFIER = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\?)?/;
const GROUP = /^\((?:\?([:=!]|<[=!])|(?!\?))/;
const ESCAPE = /^\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[pP]\{[^}]*\}|[^xup])/;
const CLASS = /^\[(?:[^\]\\]|\\[^])*\]/;

/**
 * Compiles a pattern for a backtracking machine that does what V8's does, step by step: alternatives in their order,
 * greedy and lazy loops, look-aheads, back references.
 *
 * @throws UnknownPattern where the pattern has something else
 */
export function compilePattern({ source, flags }: Pick<RegExp, 'source' | 'flags'>): Program {
  return new Compiler(source, flags).whole();
}

class Compiler {
  readonly #code: Instruction[] = [];
  #at = 0;
  #groups = 0;
  #registers: number;

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    this.#registers = FIRST_LOOP;
  }

  whole(): Program {
    this.#alternatives();
    if (this.#at < this.source.length) throw new UnknownPattern('a parenthesis too many', this.source);
    this.#code.push({ op: 'match' });
    return this.#code;
  }

  #alternatives(): void {
    const start = this.#code.length;
    this.#sequence();
    if (this.source[this.#at] !== '|') return;
    this.#at += 1;
    const first = this.#code.splice(start);
    const split: Instruction = { op: 'split', first: 0, second: 0 };
    const jump: Instruction = { op: 'jump', to: 0 };
    this.#code.push(split, ...moved(first, 1), jump);
    Object.assign(split, { first: start + 1, second: this.#code.length });
    this.#alternatives();
    jump.to = this.#code.length;
  }

  #sequence(): void {
    while (this.#at < this.source.length && !'|)'.includes(this.source[this.#at] as string)) this.#term();
  }

  #term(): void {
    const start = this.#code.length;
    this.#atom();
    const match = QUANTIFIER.exec(this.source.slice(this.#at));
    if (!match) return;
    this.#at += match[0].length;
    const [, sign, from, comma, to, lazy] = match;
    const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const bounded = sign === '?' ? 1 : comma === undefined ? least : to === '' ? undefined : Number(to);
    const most = sign === '*' || sign === '+' ? undefined : bounded;
    this.#repeat(this.#code.splice(start), { start, least, most, isLazy: lazy !== undefined });
  }

  #repeat(body: readonly Instruction[], loop: Loop): void {
    const copy = (): number => this.#code.push(...moved(body, this.#code.length - loop.start));
    for (let n = 0; n < loop.least; n += 1) copy();
    if (loop.most === undefined) return this.#forever(copy, loop.isLazy);
    const splits: (Instruction & { op: 'split' })[] = [];
    for (let n = loop.least; n < loop.most; n += 1) {
      splits.push(this.#split());
      copy();
    }
    for (const split of splits) aim(split, this.#code.indexOf(split) + 1, this.#code.length, loop.isLazy);
  }

  #forever(copy: () => number, isLazy: boolean): void {
    const register = this.#registers++;
    const split = this.#split();
    const at = this.#code.length;
    this.#code.push({ op: 'save', register });
    copy();
    this.#code.push({ op: 'moved', register }, { op: 'jump', to: at - 1 });
    aim(split, at, this.#code.length, isLazy);
  }

  #split(): Instruction & { op: 'split' } {
    const split: Instruction & { op: 'split' } = { op: 'split', first: 0, second: 0 };
    this.#code.push(split);
    return split;
  }

  #atom(): void {
    const rest = this.source.slice(this.#at);
    if (rest.startsWith('(')) return this.#group(rest);
    if (rest.startsWith('^') || rest.startsWith('$')) {
      this.#at += 1;
      this.#code.push({ op: rest.startsWith('^') ? 'begin' : 'end' });
      return;
    }
    const back = /^\\([1-9])/.exec(rest);
    if (back) {
      this.#at += 2;
      this.#code.push({ op: 'back', group: Number(back[1]) });
      return;
    }
    this.#character(rest);
  }

  #character(rest: string): void {
    const text =
      (CLASS.exec(rest) ?? ESCAPE.exec(rest))?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (['\\b', '\\B', '\\k', '*', '+', '?', '{'].includes(text)) throw new UnknownPattern(text, this.source);
    this.#at += text.length;
    this.#code.push({ op: 'char', test: characterTest(text, this.flags) });
  }

  #group(rest: string): void {
    const kind = GROUP.exec(rest);
    if (!kind) throw new UnknownPattern(rest.slice(0, 4), this.source);
    this.#at += kind[0].length;
    if (kind[1] === '=' || kind[1] === '!') this.#look(kind[1] === '!');
    else if (kind[1]?.startsWith('<')) this.#behind(kind[1] === '<!');
    else if (kind[1] === ':') this.#alternatives();
    else this.#capture();
    if (this.source[this.#at] !== ')') throw new UnknownPattern('no closing parenthesis', this.source);
    this.#at += 1;
  }

  #capture(): void {
    const register = (this.#groups += 1) * 2;
    this.#code.push({ op: 'save', register });
    this.#alternatives();
    this.#code.push({ op: 'save', register: register + 1 });
  }

  #look(isNegative: boolean): void {
    const start = this.#code.length;
    this.#alternatives();
    const program = moved(this.#code.splice(start), -start);
    this.#code.push({ op: 'look', program: [...program, { op: 'match' }], isNegative });
  }

  #behind(isNegative: boolean): void {
    const start = this.#code.length;
    this.#alternatives();
    const [only, ...others] = this.#code.splice(start);
    if (only?.op !== 'char' || others.length > 0)
      throw new UnknownPattern('a look behind at more than a character', this.source);
    this.#code.push({ op: 'behind', test: only.test, isNegative });
  }
}

/** Registers of loops come behind those of captures. */
const FIRST_LOOP = 200;

interface Loop {
  readonly start: number;
  readonly least: number;
  readonly most: number | undefined;
  readonly isLazy: boolean;
}

function aim(split: Instruction & { op: 'split' }, body: number, behind: number, isLazy: boolean): void {
  Object.assign(split, isLazy ? { first: behind, second: body } : { first: body, second: behind });
}

/** A copy of instructions that stand so many places further on. */
function moved(code: readonly Instruction[], by: number): Instruction[] {
  return code.map((one): Instruction => {
    if (one.op === 'split') return { ...one, first: one.first + by, second: one.second + by };
    return one.op === 'jump' ? { ...one, to: one.to + by } : { ...one };
  });
}

/** Each character is asked of the engine once. */
function characterTest(text: string, flags: string): CharacterTest {
  const pattern = new RegExp(`^(?:${text})$`, flags.replaceAll(/[gy]/g, ''));
  const known = new Map<number, boolean>();
  return (codePoint) => {
    const before = known.get(codePoint);
    if (before !== undefined) return before;
    const isIt = nativeTest(pattern, String.fromCodePoint(codePoint));
    known.set(codePoint, isIt);
    return isIt;
  };
}

const nativeExec = RegExp.prototype.exec;

function nativeTest(pattern: RegExp, text: string): boolean {
  return nativeExec.call(pattern, text) !== null;
}
