import { Problem } from '../../problems/problem.js';

const ENCODINGS = ['gzip', 'deflate', 'br', 'zstd'] as const;

/** How a body may be compressed. */
export type ContentEncoding = (typeof ENCODINGS)[number];

const KNOWN: ReadonlyMap<string, ContentEncoding | undefined> = new Map([
  ...ENCODINGS.map((name) => [name, name] as const),
  ['x-gzip', 'gzip'],
  ['identity', undefined],
  ['', undefined],
]);

/**
 * The one layer of compression that a body has; undefined without one.
 *
 * @param header `Content-Encoding`
 * @throws Problem `unsupported_encoding`
 */
export function contentEncodingOf(header: string | undefined): ContentEncoding | undefined {
  if (header === undefined) return undefined;
  const layers = header
    .split(',')
    .map((layer) => layer.trim().toLowerCase())
    .filter((layer) => layer !== 'identity' && layer !== '');
  const shown = header.slice(0, 40);
  if (layers.length > 1)
    throw new Problem('unsupported_encoding', `The body has more than one layer of encoding: "${shown}".`);
  const [layer = ''] = layers;
  if (KNOWN.has(layer)) return KNOWN.get(layer);
  const known = ENCODINGS.join(', ');
  throw new Problem('unsupported_encoding', `The body is encoded as "${shown}"; known are ${known}.`);
}
