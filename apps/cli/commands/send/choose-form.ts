import { UsageError } from '../../cli-error.js';

/** How events lie in a file: an object a line; JSON objects or an array of them over any lines; lines of text. */
export const FORMS = ['ndjson', 'json', 'text'] as const;
export type Form = (typeof FORMS)[number];

/** Signs of files whose bytes are no text, with what to do. */
const FOREIGN: readonly (readonly [bytes: readonly number[], name: string, mend: string])[] = [
  [[0x42, 0x5a, 0x68], 'bzip2', 'Send what "bzip2 -dc FILE" writes: bzip2 -dc FILE | alluvium send -'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz', 'Send what "xz -dc FILE" writes: xz -dc FILE | alluvium send -'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip', 'Send what "unzip -p FILE" writes: unzip -p FILE | alluvium send -'],
  [[0xff, 0xfe], 'UTF-16', 'Send it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE | alluvium send -'],
  [[0xfe, 0xff], 'UTF-16', 'Send it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE | alluvium send -'],
];

/**
 * Tells from the beginning of a file, decompressed, how its events lie in it.
 *
 * @param head as many bytes as are at hand; some ten thousand suffice
 * @throws UsageError where it can't be text at all
 */
export function chooseForm(head: Buffer, name: string): Form {
  refuseForeign(head, name);
  const text = head.toString('utf8').trimStart();
  if (text === '') return 'ndjson';
  if (/^\[\s*(?:[{\]]|$)/.test(text)) return 'json';
  if (!text.startsWith('{')) return 'text';
  const [first = '', second = ''] = text.split(/\r?\n/, 2);
  // A line that is longer than what is at hand can't be judged; a damaged one goes to quarantine alone.
  if (isObject(first) || !text.includes('\n') || second.startsWith('{')) return 'ndjson';
  return /^\{\s*(?:"|\}|$)/.test(first) ? 'json' : 'text';
}

function refuseForeign(head: Buffer, name: string): void {
  for (const [bytes, kind, mend] of FOREIGN)
    if (bytes.every((byte, at) => head[at] === byte))
      throw new UsageError(`${name} is ${kind}, which is not read here.`, mend);
  if (head.includes(0))
    throw new UsageError(
      `${name} is no text: there are zero bytes in it.`,
      'Name its form by --form if it is.',
    );
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
