import type { Enricher, EnricherPlugin } from '#plugin-kit';
import { askServer, type Answerer } from './serve-calls.js';

/** What an enricher answers in its process; files come from the server. */
export function enricherCalls({ enricher }: Pick<EnricherPlugin, 'enricher'>): Answerer {
  let made: Enricher | undefined;
  const readFile = async (name: string, most: number): Promise<Uint8Array> =>
    askServer({ ask: 'file', name, most }).bytes;
  return (call) => {
    if (call.call === 'open') {
      made = enricher.create({ options: call.options, readFile });
      return made.open();
    }
    if (call.call !== 'enrich' || !made) throw new Error(`an enricher does not answer to ${call.call}`);
    const answers: unknown = made.enrich(call.values);
    return Array.isArray(answers) ? answers.map((answer: unknown) => answer ?? null) : answers;
  };
}
