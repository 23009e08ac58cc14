import { z } from 'zod';
import { defineEnricher, EnricherDataError, type EnrichedFields, type EnricherPlugin } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import { ABSENT } from '../enrichment-files.js';

/** Files in memory, with a stamp that changes when one is written. */
export class FakeFiles {
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly stamp: string }>();
  #writes = 0;

  write(name: string, text: string): void {
    this.#writes += 1;
    this.#files.set(name, { bytes: Buffer.from(text), stamp: `${this.#writes}` });
  }

  readonly read = async (_tenant: string, name: string): Promise<{ bytes: Uint8Array; stamp: string }> => {
    const file = this.#files.get(name);
    if (!file) throw new EnricherDataError([{ option: 'file', what: 'There is no file.', mend: 'Add it.' }]);
    return file;
  };

  readonly stamp = async (_tenant: string, name: string): Promise<string> =>
    this.#files.get(name)?.stamp ?? ABSENT;
}

/** What a test does to the enricher. */
export interface FakeWorld {
  /** Thrown by the next look-ups. */
  failure: Error | undefined;
  opened: number;
  closed: number;
  /** How often values were asked for. */
  asked: number;
}

/** An enricher of lines `value=answer` in a file; an answer is JSON of fields, or text for the field `other`. */
export function fakeEnricher(world: FakeWorld): EnricherPlugin {
  const enricher = defineEnricher(z.strictObject({ file: z.string() }), ({ options, readFile }) => {
    let pairs: ReadonlyMap<string, EnrichedFields> = new Map();
    return {
      open: async () => {
        pairs = readPairs(Buffer.from(await readFile(options.file, 1_000)).toString());
        world.opened += 1;
        return { title: 'pairs', entries: pairs.size };
      },
      enrich: (values) => {
        world.asked += values.length;
        if (world.failure) throw world.failure;
        return values.map((value) => pairs.get(value));
      },
      close: () => void (world.closed += 1),
    };
  });
  return { kind: 'enricher', manifest: makeManifest({ name: 'enricher-pairs', kind: 'enricher' }), enricher };
}

function readPairs(text: string): ReadonlyMap<string, EnrichedFields> {
  if (!text.includes('='))
    throw new EnricherDataError([{ option: 'file', what: 'It has no pairs.', mend: 'Write some.' }]);
  return new Map(
    text.split('\n').map((line) => {
      const [value = '', answer = ''] = line.split('=');
      return [value, answer.startsWith('{') ? (JSON.parse(answer) as EnrichedFields) : { other: answer }];
    }),
  );
}

export function newWorld(): FakeWorld {
  return { failure: undefined, opened: 0, closed: 0, asked: 0 };
}
