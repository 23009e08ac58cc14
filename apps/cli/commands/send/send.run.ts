import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { UsageError } from '../../cli-error.js';
import { ApiClient } from '../../client/api-client.js';
import { HttpClient } from '../../client/http-client.js';
import { requireServerPlace, type ServerOptions, type ServerPlace } from '../../client/server-place.js';
import type { ExitCode } from '../../exit-codes.js';
import { Progress } from '../../output/progress.js';
import { ChunkSender, type SendTarget } from './chunk-sender.js';
import type { Form } from './choose-form.js';
import { openJournal, sentBefore } from './open-journal.js';
import { openSource, type Source } from './open-source.js';
import { sendFile } from './send-file.js';
import { settleReceipts } from './settle-receipts.js';
import { summarize } from './summary.js';
import { Tally } from './tally.js';

/** What the options of the command hold. */
export interface SendOptions extends ServerOptions {
  readonly stream?: string;
  readonly form?: Form;
  readonly parser?: string;
  readonly source?: string;
  readonly wait?: true;
  readonly restart?: true;
  readonly quiet?: true;
  readonly json?: true;
  /** Seconds. */
  readonly retryFor: number;
  readonly connections: number;
}

/**
 * Sends files one after another; `-` is standard input.
 *
 * @returns 0, or 5 where the server took events that it could not store as they are
 * @throws CliError
 */
export async function sendFiles(paths: readonly string[], options: SendOptions): Promise<ExitCode> {
  const place = requireServerPlace(options);
  const tally = new Tally(totalBytes(paths));
  const progress = new Progress({ render: () => tally.render(), quiet: options.quiet === true });
  const call = new SendCall(place, options, { tally, progress });
  const stopListening = onInterrupt((name) => call.interrupt(name));
  try {
    for (const path of paths) await call.send(path);
    return await call.conclude();
  } catch (error) {
    progress.end();
    call.explainStop();
    throw error;
  } finally {
    stopListening();
    call.close();
  }
}

interface Showing {
  readonly tally: Tally;
  readonly progress: Progress;
}

/** One call of the command: its connections, its counts. */
class SendCall {
  readonly #http: HttpClient;
  readonly #sender: ChunkSender;
  readonly #ended = new AbortController();
  readonly #receipts: string[] = [];

  constructor(
    private readonly place: ServerPlace,
    private readonly options: SendOptions,
    private readonly showing: Showing,
  ) {
    this.#http = new HttpClient(place, { connections: options.connections });
    this.#sender = new ChunkSender(this.#http, {
      patienceMs: options.retryFor * 1_000,
      signal: this.#ended.signal,
      onRetry: ({ message }, waitMs) => this.#tellRetry(message, waitMs),
    });
  }

  async send(path: string): Promise<void> {
    const { tally } = this.showing;
    tally.name = path === '-' ? 'standard input' : path;
    const source = await openSource(path, this.options.form && { form: this.options.form });
    const target = this.#targetOf(source);
    const { journal, name } = this.#journalOf(path);
    const context = { source, name, target, journal, tally, sender: this.#sender };
    const onReceipt = (receipt: string): void => void this.#receipts.push(receipt);
    try {
      await sendFile({ ...context, atOnce: this.options.connections, onReceipt });
    } finally {
      journal?.close();
    }
    tally.bytesOfFilesBefore += source.bytesRead();
    tally.bytesOfFile = 0;
  }

  /** Waits for the verdicts where they are wanted, and sums up. */
  async conclude(): Promise<ExitCode> {
    const { wait, json, quiet, retryFor } = this.options;
    const { tally, progress } = this.showing;
    tally.end();
    const api = new ApiClient(this.place);
    try {
      const receipts = this.#receipts.filter((receipt) => receipt !== '');
      tally.waiting = 'waiting until everything is stored';
      const verdicts = wait ? await settleReceipts(api, receipts, retryFor * 1_000) : undefined;
      progress.end();
      const { text, exit } = summarize(tally, verdicts, json === true);
      if (json || !quiet) process.stdout.write(text);
      return exit;
    } finally {
      api.close();
    }
  }

  /** Says how far it came. */
  explainStop(): void {
    const { tally, progress } = this.showing;
    const files =
      'The same command goes on from there; what came through standard input has to be sent anew.';
    if (tally.events > 0)
      progress.note(`${summarize(tally, undefined, false).text.trimEnd()} before it stopped. ${files}`);
  }

  interrupt(signal: NodeJS.Signals): never {
    this.showing.progress.end();
    this.explainStop();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  }

  close(): void {
    this.#ended.abort();
    this.#http.close();
  }

  #targetOf({ form, name }: Source): SendTarget {
    const { stream, source, parser } = this.options;
    if (form !== 'text' && parser !== undefined)
      throw new UsageError(
        `${name} is ${form}, for which no parser is taken.`,
        'Leave --parser out, or add --form text.',
      );
    return { stream, source, parser, contentType: form === 'text' ? 'text/plain' : 'application/x-ndjson' };
  }

  #journalOf(path: string): Pick<ReturnType<typeof openJournal>, 'journal' | 'name'> {
    if (path === '-' || !statSync(path).isFile()) return { journal: undefined, name: randomUUID() };
    const { stream, source, parser, restart } = this.options;
    const note = (text: string): void => this.showing.progress.note(text);
    const opened = openJournal(path, { ...this.place, stream, source, parser }, note);
    if (restart) opened.journal?.restart();
    const salt = opened.journal ? opened.journal.salt : randomUUID();
    const before = sentBefore(opened.journal, path);
    if (before !== undefined && !this.options.quiet) note(before);
    if (this.options.wait) this.#receipts.push(...(opened.journal?.receipts ?? []));
    return { journal: opened.journal, name: `${opened.name} ${salt}` };
  }

  #tellRetry(message: string, waitMs: number): void {
    const { tally, progress } = this.showing;
    tally.retries += 1;
    const isNew = tally.waiting === '';
    tally.waiting = `waiting: ${message}`;
    if (isNew && !this.options.quiet)
      progress.note(
        `${message} Trying again in ${(waitMs / 1_000).toFixed(1)} s, for up to ${this.options.retryFor} s.`,
      );
  }
}

/** Bytes of all files; undefined where one of them is a pipe. @throws UsageError where a file is not there */
function totalBytes(paths: readonly string[]): number | undefined {
  const sizes = paths.map((path) => (path === '-' ? undefined : sizeOf(path)));
  return sizes.reduce<number | undefined>(
    (sum, size) => (size === undefined || sum === undefined ? undefined : sum + size),
    0,
  );
}

function sizeOf(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`There is no file ${path}.`, 'Nothing was sent; correct the name.');
  if (found.isDirectory())
    throw new UsageError(`${path} is a folder.`, `Name its files: alluvium send ${path}/*`);
  return found.isFile() ? found.size : undefined;
}

function onInterrupt(end: (signal: NodeJS.Signals) => void): () => void {
  process.once('SIGINT', end).once('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}
