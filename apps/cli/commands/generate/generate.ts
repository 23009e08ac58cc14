import { once } from 'node:events';
import { ApiClient } from '../../client/api-client.js';
import { HttpClient } from '../../client/http-client.js';
import { requireServerPlace, type ServerOptions } from '../../client/server-place.js';
import { EXIT } from '../../exit-codes.js';
import { printable } from '../../output/printable.js';
import { CategoriesError } from './categories/categories-error.js';
import type { Category } from './categories/category.js';
import { readCategories, readCategoriesText } from './categories/read-categories.js';
import { EventSource } from './event-source.js';
import { makePlan, type GenerateOptions, type Plan } from './plan.js';
import { makeJsonReporter, makeWordReporter, type Reporter } from './reporting/reporter.js';
import { runGenerate } from './run-generate.js';
import { makeStreams } from './sending/make-streams.js';
import { RunStops } from './sending/run-stops.js';

/** What the command's options hold after commander read them. */
export interface GenerateCommandOptions extends GenerateOptions, ServerOptions {
  readonly json?: true;
  readonly print?: number;
  readonly printCategories?: true;
}

const out = (text: string): void => void process.stdout.write(text);
const note = (text: string): void => void process.stderr.write(text);

/** Does what `alluvium generate` is asked for. Mistakes in a file of categories are listed, one a line. */
export async function generate(options: GenerateCommandOptions): Promise<void> {
  if (options.printCategories) return out(readCategoriesText(options.categories));
  const plan = makePlan(options);
  const categories = listMistakes(() => readCategories(plan.categories));
  if (categories === undefined) return;
  if (options.print !== undefined) return print(new EventSource(categories, plan), options.print);
  await send(options, plan, categories);
}

/** Undefined where there are mistakes, which are printed. */
function listMistakes<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CategoriesError)) throw error;
    note(error.lines.map((line) => `${printable(line)}\n`).join(''));
    process.exitCode = error.exit;
    return undefined;
  }
}

async function print(source: EventSource, events: number): Promise<void> {
  for (let printed = 0; printed < events; printed += 1)
    if (!process.stdout.write(`${source.next().line}\n`)) await once(process.stdout, 'drain');
}

async function send(
  options: GenerateCommandOptions,
  plan: Plan,
  categories: readonly Category[],
): Promise<void> {
  const place = requireServerPlace(options);
  if (plan.ownStreams) await prepareStreams(new ApiClient(place), categories);
  const http = new HttpClient(place, { connections: plan.connections });
  const stops = new RunStops();
  try {
    const report = await runGenerate({ plan, categories, http, stops, reporter: reporterOf(options) });
    process.exitCode = report.givenUp + report.unknown > 0 ? EXIT.partly : EXIT.done;
  } finally {
    stops.release();
    http.close();
  }
}

async function prepareStreams(api: ApiClient, categories: readonly Category[]): Promise<void> {
  try {
    await makeStreams(api, categories);
  } finally {
    api.close();
  }
}

function reporterOf({ json }: GenerateCommandOptions): Reporter {
  return json ? makeJsonReporter(out) : makeWordReporter(out, process.stderr.isTTY ? note : undefined);
}
