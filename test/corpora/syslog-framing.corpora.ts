import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scanPriority, SyslogFramer, type Frame, type Parser } from '#plugin-kit';
import syslog from '../../plugins/parser-syslog/index.js';
import { CORPORA } from './corpora-folder.js';
import { differences } from './syslog-case.js';

/** A frame as the peer's reader gives it: what the parser made of it, what was wrong with it, or both. */
interface WantedFrame {
  readonly message?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

interface FramingCase {
  readonly id: string;
  readonly input: string;
  readonly input_base64?: string;
  readonly expect: {
    readonly frames: readonly WantedFrame[];
    readonly best_effort_frames: readonly WantedFrame[];
  };
}

/** Far more than any case has; a peer that was set to less says so in its error. */
const MAX_BYTES = 1024 * 1024;

function framesOf(
  { input, input_base64, expect: { frames } }: FramingCase,
  chunkBytes: number,
): readonly Frame[] {
  const bytes = input_base64 === undefined ? Buffer.from(input) : Buffer.from(input_base64, 'base64');
  const limit = /max length.*?(\d+)\)$/.exec(frames[0]?.error ?? '')?.[1];
  const framer = new SyslogFramer(Number(limit ?? MAX_BYTES));
  const found: Frame[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    for (const { bytes: part, ...rest } of framer.push(bytes.subarray(at, at + chunkBytes)))
      found.push({ ...rest, bytes: Uint8Array.from(part) });
  return [...found, ...framer.finish()];
}

/** What is found otherwise than the peer found it; empty where nothing is. */
function misses(wanted: readonly WantedFrame[], found: readonly Frame[], parser: Parser): readonly string[] {
  const more = found.length > wanted.length ? [`${found.length} frames, ${wanted.length} there`] : [];
  return [...more, ...wanted.flatMap((frame, at) => frameMisses(frame, found[at], parser))];
}

function frameMisses(
  { message, error }: WantedFrame,
  found: Frame | undefined,
  parser: Parser,
): readonly string[] {
  const answer = found && parser.parse([found.bytes], { receivedAt: 0n })[0];
  if (!message) {
    const isWrong = !found || found.fault !== undefined || answer?.kind === 'refused';
    return isWrong ? [] : [`it is whole here, there: ${error}`];
  }
  if (!found || !answer) return ['it is missing'];
  if (error?.includes('UnexpectedEOF') && found.fault === undefined) return ['its end is missing, untold'];
  if (answer.kind === 'event')
    return differences({ id: '', input: '', expect: { ok: true, fields: message } }, answer);
  const priority = scanPriority(Buffer.from(found.bytes).toString())?.priority;
  return priority === message['priority'] ? [] : [`its priority is ${priority}`];
}

const { parser } = syslog;

describe('syslog_framing.jsonl', () => {
  let cases: readonly FramingCase[];
  beforeAll(async () => {
    const text = await readFile(join(CORPORA, 'syslog_framing.jsonl'), 'utf8');
    cases = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as FramingCase);
  });

  it.each([MAX_BYTES, 1, 3])('has no case that is framed otherwise, in chunks of %i bytes', (chunkBytes) => {
    const results = cases.map((one) => {
      const found = framesOf(one, chunkBytes);
      const strict = misses(one.expect.frames, found, parser);
      return {
        id: one.id,
        found: strict.length === 0 ? [] : misses(one.expect.best_effort_frames, found, parser),
      };
    });
    expect(cases.length).toBeGreaterThan(0);
    expect(results.filter(({ found }) => found.length > 0)).toEqual([]);
  });
});
