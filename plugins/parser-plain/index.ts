import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

const text = (line: Uint8Array): string =>
  Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: {
    parse: (lines) => lines.map((line) => ({ kind: 'event', event: { message: text(line) } })),
    sniff: () => 0,
  },
});
