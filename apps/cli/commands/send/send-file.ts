import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { eachAtOnce } from './at-once.js';
import { ChunkCutter, type Chunk } from './chunk-cutter.js';
import type { ChunkSender, SendTarget } from './chunk-sender.js';
import type { Journal, Prefix } from './journal.js';
import type { Source } from './open-source.js';
import type { Tally } from './tally.js';

/** Milliseconds after which the whole lines of a pipe that pauses are sent. */
const IDLE_MS = 1_000;

/** One file on its way. */
export interface Sending {
  readonly source: Source;
  /** Names the source in the keys of its requests: no two sources that differ have the same. */
  readonly name: string;
  readonly target: SendTarget;
  readonly sender: ChunkSender;
  /** Undefined where it can't be gone on with: a pipe. */
  readonly journal: Journal | undefined;
  readonly tally: Tally;
  /** Requests under way at once. */
  readonly atOnce: number;
  readonly onReceipt: (receipt: string) => void;
}

/**
 * Sends what was not sent of a source before. Resolves when all of it was acknowledged.
 *
 * @throws CliError `usage` where the file isn't the one that was begun; what ChunkSender throws
 */
export async function sendFile(sending: Sending): Promise<void> {
  const { journal, tally, atOnce } = sending;
  const known = new Map(journal?.cutBehindPrefix.map((chunk) => [chunk.start, chunk.answer]));
  const failed = new AbortController();
  const settle = async (cut: CutChunk): Promise<void> => {
    const answer = known.get(cut.chunk.start);
    if (answer && answer.sha256 !== cut.chunk.sha256)
      throw changed(sending.source.name, 'differs from what was sent');
    if (!cut.chunk.startsLine)
      throw changed(sending.source.name, 'goes on with a line that was sent without its end');
    if (!answer) await deliver(cut.chunk, sending);
    tally.bytesOfFile = Math.max(tally.bytesOfFile, cut.bytesRead);
  };
  await eachAtOnce(readChunks(sending, failed.signal), atOnce, settle, () => failed.abort());
  if (journal?.done === undefined) journal?.finish();
}

async function deliver(
  chunk: Chunk,
  { sender, name, target, journal, tally, onReceipt }: Sending,
): Promise<void> {
  journal?.cut(chunk);
  const answer = await sender.send(chunk, name, target);
  journal?.acknowledge(chunk, answer);
  onReceipt(answer.receipt);
  tally.events += answer.accepted;
  tally.bytes += chunk.body.length;
  tally.requests += 1;
  tally.waiting = '';
}

interface CutChunk {
  readonly chunk: Chunk;
  /** Bytes of the file, as it lies on disk, that were read by then. */
  readonly bytesRead: number;
}

/** What is behind the prefix that was sent, which is compared with what it was then. */
async function* readChunks(sending: Sending, signal: AbortSignal): AsyncGenerator<CutChunk> {
  const { source, journal } = sending;
  const prefix = journal?.prefix ?? { bytes: 0, sha256: '' };
  const planned = journal?.cutBehindPrefix.map(({ end }) => end) ?? [];
  const known = Math.max(prefix.bytes, planned.at(-1) ?? 0);
  const cutter = new ChunkCutter({ skip: prefix.bytes, ends: planned });
  const withPlace = (chunk: Chunk): CutChunk => ({ chunk, bytesRead: source.bytesRead() });
  try {
    for await (const chunk of cutChunks(sending, { cutter, prefix, signal })) yield withPlace(chunk);
  } catch (error) {
    // The whole lines before the place where a file is damaged are as good as any.
    const rest = cutter.position >= known && isDamage(error) ? cutter.flush() : undefined;
    if (rest) yield withPlace(rest);
    throw error;
  }
  const last = cutter.last();
  if (cutter.position < known) throw changed(source.name, 'is shorter than before');
  if (last) yield withPlace(last);
}

interface Cutting {
  readonly cutter: ChunkCutter;
  readonly prefix: Prefix;
  readonly signal: AbortSignal;
}

/** All chunks but the last. */
async function* cutChunks(sending: Sending, { cutter, prefix, signal }: Cutting): AsyncGenerator<Chunk> {
  const { source, journal, tally } = sending;
  let isChecked = prefix.bytes === 0;
  for await (const piece of journal ? source.lines : withPauses(source.lines, signal)) {
    if (piece) cutter.feed(piece);
    if (!isChecked && cutter.position === prefix.bytes) {
      isChecked = true;
      if (cutter.sha256() !== prefix.sha256) throw changed(source.name, 'differs from what was sent');
      tally.bytesOfFile = source.bytesRead();
      tally.bytesSentBefore += tally.bytesOfFile;
    }
    for (let chunk = cutter.next(); chunk; chunk = cutter.next()) yield chunk;
    const rest = piece ? undefined : cutter.flush();
    if (rest) yield rest;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof CliError && error.exit === EXIT.partly;
}

/** The pieces of a pipe, with undefined wherever none came for a while; ends with the signal. */
async function* withPauses(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next = iterator.next();
  while (!signal.aborted) {
    const got = await Promise.race([next, pause(IDLE_MS, undefined, { ref: false })]);
    if (got?.done === true) return;
    yield got?.value;
    if (got) next = iterator.next();
  }
}

function changed(name: string, how: string): CliError {
  return new CliError(
    `${name} was changed since a part of it was sent: it ${how}.`,
    EXIT.usage,
    'With --restart it is sent anew, whole; what was stored before stays there.',
  );
}
