import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A real system's log. */
export interface LogFile {
  /** The file's name; the `service` of its events. */
  readonly name: string;
  /** Its lines without their ends (LF or CR LF), byte for byte. */
  readonly lines: readonly Buffer[];
}

/** The systems whose logs are there, each in `loghub/<system>_2k.log`. */
export const SYSTEMS = [
  'Apache',
  'HDFS',
  'Hadoop',
  'Linux',
  'OpenSSH',
  'Proxifier',
  'Windows',
  'Zookeeper',
] as const;

const LF = 0x0a;
const CR = 0x0d;

/** The folder with the corpora. @throws Error that says how to name it, where `what` is not in it. */
export async function readLogFile(folder: string, what: string): Promise<LogFile> {
  const path = join(folder, what);
  const bytes = await readFile(path).catch((error: unknown) => {
    const mend = 'set ALLUVIUM_CORPORA to the folder that holds loghub/, from github.com/logpai/loghub';
    throw new Error(`The corpus ${path} can't be read: ${mend}.`, { cause: error });
  });
  return { name: basename(what), lines: splitLines(bytes) };
}

/** A last line without an end counts; nothing after the last end doesn't. */
export function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(LF, from);
    const end = found < 0 ? bytes.length : found;
    const hasReturn = found > from && bytes[end - 1] === CR;
    lines.push(bytes.subarray(from, hasReturn ? end - 1 : end));
    from = end + 1;
  }
  return lines;
}

/**
 * `{"service": <file>, "message": <line>}` and a line end. The line's bytes pass as they are, but for what JSON wants
 * escaped; so a line that isn't UTF-8 makes a line that isn't JSON, which belongs in quarantine.
 */
export function wrapLine(service: string, line: Buffer): Buffer {
  const message = Buffer.from(JSON.stringify(line.toString('latin1')), 'latin1');
  return Buffer.concat([Buffer.from(`{"service":${JSON.stringify(service)},"message":`), message, END]);
}

const END = Buffer.from('}\n');

/** Whether JSON can carry the line. */
export function isUtf8Line(line: Buffer): boolean {
  return Buffer.from(line.toString('utf8')).equals(line);
}

/** The words of a text, as a search cuts them. */
export function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z0-9\u0080-\uffff]+/g));
}
