import {
  EnricherDataError,
  type Enricher,
  type EnricherContext,
  type EnricherDeclaration,
} from '#plugin-kit';

/** Files by their names. */
export type EnricherFiles = Readonly<Record<string, Uint8Array>>;

/** An enricher under test, with data for it. */
export interface EnricherHarness {
  readonly enricher: EnricherDeclaration;
  /** Options with which it opens `files`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: EnricherFiles;
  /** Values that it knows, at least two. */
  readonly known: readonly string[];
  /** Values of its kind that it doesn't know, at least one. */
  readonly unknown: readonly string[];
  /** Files under the same names that it must refuse. */
  readonly broken: readonly EnricherFiles[];
}

/** Which sentence of the contract a case holds an enricher to. */
export type EnricherPromise = 'open' | 'batch' | 'pure' | 'total' | 'answers' | 'bounded' | 'close';

export interface EnricherCase {
  readonly promise: EnricherPromise;
  readonly name: string;
  /** Throws where the promise is broken. */
  run(harness: EnricherHarness): Promise<void>;
}

/** What a host would give it, over these files. */
export function contextOf(options: unknown, files: EnricherFiles): EnricherContext<unknown> {
  return { options, readFile: async (name, most) => fileOf(files, name, most) };
}

function fileOf(files: EnricherFiles, name: string, most: number): Uint8Array {
  const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
  if (bytes && bytes.length <= most) return Uint8Array.from(bytes);
  const what = `The file ${name} ${bytes ? 'is too large' : 'is not there'}.`;
  throw new EnricherDataError([{ option: 'file', what, mend: 'Name another one.' }]);
}

/** Opens an enricher for one case, and closes it whatever comes. */
export async function withEnricher(
  { enricher, options, files }: EnricherHarness,
  use: (opened: Enricher) => Promise<void> | void,
): Promise<void> {
  const made = enricher.create(contextOf(options, files));
  try {
    await made.open();
    await use(made);
  } finally {
    made.close();
  }
}
