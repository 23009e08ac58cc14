import { definePlugin, type ParseContext, type ParsedLine } from '#plugin-kit';
import { createAccessTimeReader } from './access-time.js';
import { parseAccessJson } from './json-line.js';
import manifest from './manifest.json' with { type: 'json' };
import { sniffAccessLog } from './sniff-access-log.js';
import { parseAccessText } from './text-line.js';

const BRACE = 0x7b;

function parse(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const readTime = createAccessTimeReader(context);
  return lines.map((line) => {
    const isJson = line.find((byte) => byte > 0x20) === BRACE;
    return isJson ? parseAccessJson(line, readTime) : parseAccessText(textOf(line), readTime);
  });
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
}

export default definePlugin({ kind: 'parser', manifest, parser: { parse, sniff: sniffAccessLog } });
