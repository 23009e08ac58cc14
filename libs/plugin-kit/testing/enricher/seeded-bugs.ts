import { z } from 'zod';
import {
  defineEnricher,
  EnricherDataError,
  type EnrichedFields,
  type Enricher,
  type EnricherContext,
  type EnricherDeclaration,
} from '#plugin-kit';
import type { EnricherHarness, EnricherPromise } from './contract-case.js';

const OPTIONS = z.strictObject({ file: z.string() });

type Context = EnricherContext<z.output<typeof OPTIONS>>;

/** Knows the pairs of a JSON object; parts of it are spoilt by each seeded bug. */
class PairEnricher implements Enricher {
  pairs: ReadonlyMap<string, string> = new Map();

  constructor(readonly context: Context) {}

  async open() {
    const { file } = this.context.options;
    this.pairs = this.read(await this.context.readFile(file, 1_000));
    return { title: 'pairs', entries: this.pairs.size };
  }

  read(bytes: Uint8Array): ReadonlyMap<string, string> {
    try {
      return new Map(Object.entries(JSON.parse(Buffer.from(bytes).toString()) as Record<string, string>));
    } catch (cause) {
      throw new EnricherDataError([{ option: 'file', what: 'It is no JSON.', mend: 'Write JSON.' }], cause);
    }
  }

  enrich(values: readonly string[]): readonly (EnrichedFields | undefined)[] {
    return values.map((value) => this.find(value));
  }

  find(value: string): EnrichedFields | undefined {
    const other = this.pairs.get(value);
    return other === undefined ? undefined : { other };
  }

  close(): void {
    this.pairs = new Map();
  }
}

function enricherOf(
  spoil: (enricher: PairEnricher) => Partial<PairEnricher> = () => ({}),
): EnricherDeclaration {
  return defineEnricher(OPTIONS, (context) => {
    const enricher = new PairEnricher(context);
    return Object.assign(enricher, spoil(enricher));
  });
}

/** A harness for an enricher of pairs. */
export function pairHarness(enricher: EnricherDeclaration): EnricherHarness {
  return {
    enricher,
    options: { file: 'pairs.json' },
    files: { 'pairs.json': Buffer.from('{"a":"1","b":"2"}') },
    known: ['a', 'b'],
    unknown: ['c'],
    broken: [{ 'pairs.json': Buffer.from('{') }],
  };
}

export const SOUND_ENRICHER: EnricherDeclaration = enricherOf();

interface SeededEnricherBug {
  readonly bug: string;
  /** The promise of which at least one case must fail. */
  readonly breaks: EnricherPromise;
  readonly enricher: EnricherDeclaration;
}

const sound = PairEnricher.prototype;
const finding = (find: (enricher: PairEnricher, value: string) => EnrichedFields | undefined) =>
  enricherOf((enricher) => ({ find: (value) => find(enricher, value) }));

/** Is shared by all objects. */
let last: ReadonlyMap<string, string> = new Map();

/** One fault each, and the promise that the contract must find broken. */
export const SEEDED_ENRICHER_BUGS: readonly SeededEnricherBug[] = [
  {
    bug: 'throws what JSON threw',
    breaks: 'open',
    enricher: enricherOf(() => ({
      read: (bytes) => new Map(Object.entries(JSON.parse(Buffer.from(bytes).toString()) as object)),
    })),
  },
  { bug: 'takes broken data', breaks: 'open', enricher: enricherOf(() => ({ read: () => new Map() })) },
  {
    bug: 'takes any option',
    breaks: 'open',
    enricher: {
      ...SOUND_ENRICHER,
      options: z.looseObject({}),
      create: (context) => new PairEnricher(context as Context),
    },
  },
  {
    bug: 'leaves out what it does not know',
    breaks: 'batch',
    enricher: enricherOf((own) => ({
      enrich: (values) => sound.enrich.call(own, values).filter((fields) => fields !== undefined),
    })),
  },
  {
    bug: 'turns the order round',
    breaks: 'batch',
    enricher: enricherOf((own) => ({ enrich: (values) => [...sound.enrich.call(own, values)].reverse() })),
  },
  {
    bug: 'looks at the clock',
    breaks: 'pure',
    enricher: finding((own, value) => {
      const found = sound.find.call(own, value);
      return found && { ...found, seen: Date.now() };
    }),
  },
  {
    bug: 'knows everything',
    breaks: 'answers',
    enricher: finding((own, value) => sound.find.call(own, value) ?? { other: 'x' }),
  },
  {
    bug: 'throws at what it does not know',
    breaks: 'total',
    enricher: finding((own, value) => {
      if (!/^\w*$/.test(value)) throw new Error(`What is ${value}?`);
      return sound.find.call(own, value);
    }),
  },
  {
    bug: 'adds the id',
    breaks: 'answers',
    enricher: finding((own, value) => (own.pairs.has(value) ? { id: value } : undefined)),
  },
  {
    bug: 'adds what is no number',
    breaks: 'answers',
    enricher: finding((own, value) => (own.pairs.has(value) ? { n: Number.NaN } : undefined)),
  },
  {
    bug: 'tries again and again',
    breaks: 'bounded',
    enricher: finding((own, value) => {
      const isShouted = /(?:a|1| )*[!?]$/.test(value.slice(0, 40_000));
      return isShouted ? undefined : sound.find.call(own, value);
    }),
  },
  {
    bug: 'shares its data with others',
    breaks: 'close',
    enricher: enricherOf((own) => ({
      read: (bytes) => (last = sound.read.call(own, bytes)),
      find: (value) => (last.has(value) ? { other: 'x' } : undefined),
      close: () => void (last = new Map()),
    })),
  },
];
