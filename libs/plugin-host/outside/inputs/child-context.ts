import {
  InputBusyError,
  InputStartError,
  type InputAnswer,
  type InputBatch,
  type InputContext,
  type InputPeer,
} from '#plugin-kit';
import { costOf, inWords, MOST_BATCH_BYTES, type InputAsked, type InputTold } from './input-messages.js';

/** Bytes that are handed over and not answered yet; what is more waits here. */
const WINDOW_BYTES = 16 * 1024 * 1024;

type Told = (message: InputTold) => void;
type Answer = Extract<InputAsked, { readonly id: number }>;

interface Waiting {
  readonly answer: (answer: Answer) => void;
  readonly bytes: number;
}

/** The context of an input that runs in a process of its own: what it asks for, the server does. */
export class ChildContext {
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: (() => void)[] = [];
  #last = 0;
  #open = 0;

  constructor(private readonly tell: Told) {}

  /** As the plugin gets it. */
  contextOf({ name, options, messageBytes }: Extract<InputAsked, { kind: 'start' }>): InputContext<unknown> {
    return {
      name,
      options,
      messageBytes,
      logger: {
        info: (fields, message) => this.#log('info', fields, message),
        warn: (fields, message) => this.#log('warn', fields, message),
      },
      accept: (batch, signal) => this.#accept(batch, signal),
      dropped: (reason, messages, peer) =>
        this.tell({ kind: 'dropped', reason, messages, ...(peer && { peer: plainPeer(peer) }) }),
      connection: (change) => this.tell({ kind: 'connection', change }),
      failed: ({ message, mend }) =>
        this.tell({ kind: 'failed', message: inWords(message), mend: inWords(mend) }),
      readSecret: (path) => this.#readSecret(path),
    };
  }

  /** What the server says to something that was asked. */
  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    this.#open -= waiting.bytes;
    waiting.answer(answer);
    while (this.#open < WINDOW_BYTES && this.#queue.length > 0) this.#queue.shift()?.();
  }

  async #accept(batch: InputBatch, signal?: AbortSignal): Promise<InputAnswer> {
    const bytes = costOf(batch);
    if (bytes > MOST_BATCH_BYTES)
      throw new RangeError(
        `These ${batch.messages.length} messages take ${bytes} bytes at once; ${MOST_BATCH_BYTES} are the most: hand them over in parts.`,
      );
    if (this.#open >= WINDOW_BYTES) await new Promise<void>((go) => this.#queue.push(go));
    if (signal?.aborted) throw new InputBusyError('There was no room in time.');
    const answer = await this.#ask(bytes, signal, (id) => ({ kind: 'accept', id, batch: plainBatch(batch) }));
    if (answer.kind === 'answered') return answer.answer;
    throw new InputBusyError(answer.kind === 'refused' ? answer.message : 'There was no room.');
  }

  async #readSecret(path: string): Promise<Uint8Array> {
    const answer = await this.#ask(0, undefined, (id) => ({ kind: 'read-secret', id, path }));
    if (answer.kind === 'secret') return answer.bytes;
    const [message, mend] =
      answer.kind === 'refused' ? [answer.message, answer.mend] : ['It was not read.', undefined];
    throw new InputStartError(message, mend ?? 'Name a file that the server may read.');
  }

  #ask(
    bytes: number,
    signal: AbortSignal | undefined,
    messageOf: (id: number) => InputTold,
  ): Promise<Answer> {
    const id = (this.#last += 1);
    this.#open += bytes;
    return new Promise((resolve) => {
      const abort = (): void => this.tell({ kind: 'abort', id });
      const answer = (given: Answer): void => {
        signal?.removeEventListener('abort', abort);
        resolve(given);
      };
      this.#waiting.set(id, { answer, bytes });
      signal?.addEventListener('abort', abort, { once: true });
      this.tell(messageOf(id));
    });
  }

  /** Fields are told as text: they may hold what no message carries. */
  #log(level: 'info' | 'warn', fields: object, message: string): void {
    const { err } = fields as { readonly err?: unknown };
    const why = err instanceof Error ? `: ${err.message}` : '';
    this.tell({ kind: 'log', level, message: inWords(`${message}${why}`) });
  }
}

/** Only what is declared goes over: a plugin may hand over an object with more in it. */
function plainBatch({ peer, messages, truncated, format, parser, key }: InputBatch): InputBatch {
  return {
    peer: plainPeer(peer),
    messages,
    format,
    ...(truncated !== undefined && { truncated }),
    ...(parser !== undefined && { parser }),
    ...(key !== undefined && { key }),
  };
}

function plainPeer({ address, transport, certificateName }: InputPeer): InputPeer {
  return { address, transport, ...(certificateName !== undefined && { certificateName }) };
}
