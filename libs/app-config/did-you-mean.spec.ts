import { expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.js';

const KNOWN = ['ALLUVIUM_DOCS', 'ALLUVIUM_HTTP_PORT', 'ALLUVIUM_SYSLOG_UDP_PORT', 'http.port', 'log.level'];

it.each([
  ['a slip of the finger', 'ALLUVIUM_HTPP_PORT', 'Did you mean ALLUVIUM_HTTP_PORT?'],
  [
    'a word left out, where a shorter name has as many letters in common',
    'ALLUVIUM_PORT',
    'Did you mean ALLUVIUM_HTTP_PORT?',
  ],
  ['two words left out', 'ALLUVIUM_UDP_PORT', 'Did you mean ALLUVIUM_SYSLOG_UDP_PORT?'],
  ['one word of many names', 'port', ''],
  ['words in another order', 'PORT_HTTP_ALLUVIUM', ''],
  ['something else', 'RETENTION', ''],
])('%s', (_what, given, sentence) => {
  expect(didYouMean(given, KNOWN)).toBe(sentence);
});
