import type { UnitTier, UnitTierContext, UnitTierPlugin } from '#plugin-kit';
import { askServer, type Answerer } from './serve-calls.js';

/** Bytes of a piece that is given back at once. */
const PIECE_BYTES = 4 * 2 ** 20;

/** What a tier of units answers in its process; lines come from the server, and go back to it, piece by piece. */
export function tierCalls({ units }: Pick<UnitTierPlugin, 'units'>): Answerer {
  let made: UnitTier | undefined;
  return async (call) => {
    if (call.call === 'open') {
      made = units.create(call.options as UnitTierContext<unknown>);
      return undefined;
    }
    if (!made) throw new Error('the tier was not opened');
    if (call.call === 'write') return made.write(call.unit, linesOfServer());
    if (call.call === 'remove') return made.remove(call.unit);
    if (call.call !== 'read') throw new Error(`a tier does not answer to ${call.call}`);
    for await (const piece of made.read(call.unit)) give(piece);
    return undefined;
  };
}

async function* linesOfServer(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { value, bytes } = askServer({ ask: 'lines' });
    if (value !== true) return;
    yield bytes;
  }
}

function give(piece: unknown): void {
  if (!(piece instanceof Uint8Array)) throw new Error('read gives what are no bytes');
  for (let from = 0; from < piece.length; from += PIECE_BYTES)
    askServer({ ask: 'keep' }, piece.subarray(from, from + PIECE_BYTES));
}
