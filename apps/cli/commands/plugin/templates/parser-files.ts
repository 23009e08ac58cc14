import type { NewFiles } from './shared-files.js';

/** A parser of lines such as `2026-11-20T12:00:01Z|ERROR|checkout|connection reset`, to be changed into one's own. */
export function parserFiles(name: string): NewFiles {
  return {
    'README.md': readme(name),
    'index.ts': INDEX,
    'parse-line.ts': parseLine(name),
    'samples/lines.txt': SAMPLE,
    'samples/lines.expected.ndjson': expected(name),
  };
}

const readme = (name: string): string => `# parser-${name}

Reads lines such as \`time|LEVEL|service|message\`. A line that is none is refused as \`${reason(name)}\`.

\`samples/\` has lines as they come, and beside each file what they become.
`;

const INDEX = `import { definePlugin } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseLine, sniffLine } from './parse-line.ts';

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: {
    parse: (lines) => lines.map(parseLine),
    sniff: sniffLine,
  },
});
`;

const parseLine = (name: string): string => `import type { ParsedLine } from '@alluvium/plugin-kit';

const LINE = /^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)\\|([A-Z]{1,16})\\|([^|]{1,64})\\|(.*)$/s;
/** Bytes that tell whether a line is of this format. */
const LONGEST_HEAD = 120;

const decoder = new TextDecoder();

/** What a line becomes. Fields that the event type doesn't declare become attributes, with their types. */
export function parseLine(line: Uint8Array): ParsedLine {
  const [, timestamp, level, service, message] = LINE.exec(decoder.decode(line)) ?? [];
  if (timestamp === undefined)
    return { kind: 'refused', reason: '${reason(name)}', message: 'It is not time|LEVEL|service|message.' };
  return { kind: 'event', event: { timestamp, level, service, message } };
}

/** How sure it is, from 0 to 1, that a line is of this format: by this, \`auto\` chooses a parser. */
export function sniffLine(line: Uint8Array): number {
  return LINE.test(decoder.decode(line.subarray(0, LONGEST_HEAD))) ? 0.9 : 0;
}
`;

const SAMPLE = `2026-11-20T12:00:01Z|ERROR|checkout|connection reset by peer
2026-11-20T12:00:02Z|INFO|mail|a bar | in the text
no bars
`;

const expected = (
  name: string,
): string => `{"timestamp":"2026-11-20T12:00:01Z","level":"ERROR","service":"checkout","message":"connection reset by peer"}
{"timestamp":"2026-11-20T12:00:02Z","level":"INFO","service":"mail","message":"a bar | in the text"}
{"refused":"${reason(name)}"}
`;

/** A reason begins with a letter and has up to 64 signs. */
function reason(name: string): string {
  return `not_${name.replaceAll('-', '_')}`.slice(0, 64);
}
