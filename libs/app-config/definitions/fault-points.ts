import { z } from 'zod';
import { listText } from './text-types.js';
import type { ValueType } from './value-type.js';

/** A named place in the code where a test kills the process, at the nth time (from 1) that it is passed. */
export interface FaultPoint {
  readonly name: string;
  readonly nth: number;
}

const FAULT_POINT = /^([a-z0-9][a-z0-9_.-]{0,63}):([1-9]\d{0,8})$/;

const faultPoint = z
  .string()
  .regex(FAULT_POINT)
  .transform((entry): FaultPoint => {
    const [name = '', nth] = entry.split(':');
    return { name, nth: Number(nth) };
  });

/** A comma list of `<name>:<nth>`. */
export const faultPoints: ValueType<readonly FaultPoint[]> = {
  schema: listText.pipe(z.array(faultPoint)),
  expected: 'a comma list of <name>:<nth>, such as worker.before-insert:3',
  print: (value) => value.map(({ name, nth }) => `${name}:${nth}`).join(','),
};
