import type { StreamSpec } from '#plugin-kit';
import { Problem } from '../problems/problem.js';

/** @throws Problem `stream_read_only` where nothing may be sent to the stream, or changed of it */
export function requireTakesEvents({ name, readOnly }: Pick<StreamSpec, 'name' | 'readOnly'>): void {
  if (readOnly)
    throw new Problem('stream_read_only', `The stream "${name}" is ${WHY[readOnly]}, and takes no events.`);
}

const WHY: Readonly<Record<NonNullable<StreamSpec['readOnly']>, string>> = {
  attached: 'an attached archive',
  restoring: 'being restored',
  restored: 'restored out of an archive',
  leaving: 'being taken away',
};
