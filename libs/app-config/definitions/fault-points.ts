import { z } from 'zod';
import { listText } from './text-types.js';
import type { ValueType } from './value-type.js';

/** A named place in the code at which a test lets something go wrong, at the nth time (from 1) that it is passed. */
export interface FaultPoint {
  readonly name: string;
  readonly nth: number;
  /** The process is killed, or what was done there fails although it happened, as where its answer is lost. */
  readonly fault: 'kill' | 'error';
}

const FAULT_POINT = /^([a-z0-9][a-z0-9_.-]{0,63}):([1-9]\d{0,8})(:error)?$/;

const faultPoint = z
  .string()
  .regex(FAULT_POINT)
  .transform((entry): FaultPoint => {
    const [name = '', nth, error] = entry.split(':');
    return { name, nth: Number(nth), fault: error === undefined ? 'kill' : 'error' };
  });

/** A comma list of `<name>:<nth>` and `<name>:<nth>:error`. */
export const faultPoints: ValueType<readonly FaultPoint[]> = {
  schema: listText.pipe(z.array(faultPoint)),
  expected: 'a comma list of <name>:<nth> or <name>:<nth>:error, such as worker.after-state:3',
  print: (value) =>
    value.map(({ name, nth, fault }) => `${name}:${nth}${fault === 'error' ? ':error' : ''}`).join(','),
};
