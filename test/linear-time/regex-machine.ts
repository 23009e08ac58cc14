import { compilePattern, type Instruction, type Program } from './regex-program.js';

/** Where a pattern matched, and how many steps it took to say so. */
export interface CountedMatch {
  readonly index: number;
  readonly end: number;
}

/** Steps that were taken, of which a run is a part. */
export interface StepCounter {
  steps: number;
}

const programs = new Map<string, Program>();

/** Matches a pattern from `from` on as V8's backtracking machine does, counting its steps; undefined where it doesn't match. */
export function matchCounted(
  pattern: RegExp,
  text: string,
  from: number,
  counter: StepCounter,
): CountedMatch | undefined {
  const key = `/${pattern.source}/${pattern.flags}`;
  const program = programs.get(key) ?? compilePattern(pattern);
  programs.set(key, program);
  const machine = new Machine(text, pattern.unicode, counter);
  const last = pattern.sticky ? from : text.length;
  for (let index = from; index <= last; index += 1) {
    const end = machine.run(program, index);
    if (end >= 0) return { index, end };
  }
  return undefined;
}

/** A place to go back to is three numbers; a register to restore is two and a mark. */
const RESTORE = -1;

class Machine {
  readonly #registers: number[] = [];

  constructor(
    private readonly text: string,
    private readonly isUnicode: boolean,
    private readonly counter: StepCounter,
  ) {}

  /** The index after the match at `from`; -1 where there is none. */
  run(program: Program, from: number): number {
    const stack: number[] = [];
    let [at, position] = [0, from];
    for (;;) {
      this.counter.steps += 1;
      const instruction = program[at] as Instruction;
      if (instruction.op === 'match') return position;
      if (instruction.op === 'split') {
        stack.push(position, instruction.second);
        at = instruction.first;
        continue;
      }
      if (instruction.op === 'save')
        stack.push(this.#registers[instruction.register] ?? -1, instruction.register, RESTORE);
      const next = this.#step(instruction, position);
      if (next >= 0) {
        [at, position] = [instruction.op === 'jump' ? instruction.to : at + 1, next];
        continue;
      }
      this.#restore(stack);
      if (stack.length === 0) return -1;
      at = stack.pop() as number;
      position = stack.pop() as number;
    }
  }

  /** The position after an instruction; -1 where it fails. */
  #step(instruction: Instruction, position: number): number {
    switch (instruction.op) {
      case 'char':
        return this.#character(instruction.test, position);
      case 'save':
        this.#registers[instruction.register] = position;
        return position;
      case 'moved':
        return this.#registers[instruction.register] === position ? -1 : position;
      case 'begin':
        return position === 0 ? position : -1;
      case 'end':
        return position === this.text.length ? position : -1;
      case 'back':
        return this.#back(instruction.group, position);
      case 'look':
        return this.run(instruction.program, position) >= 0 === instruction.isNegative ? -1 : position;
      case 'behind': {
        const isThere = position > 0 && instruction.test(this.text.charCodeAt(position - 1));
        return isThere === instruction.isNegative ? -1 : position;
      }
      default:
        return position;
    }
  }

  #character(test: (codePoint: number) => boolean, position: number): number {
    if (position >= this.text.length) return -1;
    const codePoint = this.isUnicode
      ? (this.text.codePointAt(position) as number)
      : this.text.charCodeAt(position);
    return test(codePoint) ? position + (codePoint > 0xffff ? 2 : 1) : -1;
  }

  #back(group: number, position: number): number {
    const [start = -1, end = -1] = [this.#registers[group * 2], this.#registers[group * 2 + 1]];
    const same = start < 0 ? '' : this.text.slice(start, end);
    this.counter.steps += same.length;
    return this.text.startsWith(same, position) ? position + same.length : -1;
  }

  #restore(stack: number[]): void {
    while (stack.at(-1) === RESTORE) {
      stack.pop();
      const register = stack.pop() as number;
      this.#registers[register] = stack.pop() as number;
    }
  }
}
