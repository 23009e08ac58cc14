import { expect, it } from 'vitest';
import { moveKeyToHeader } from './socket-key.js';

it.each([
  [
    { 'sec-websocket-protocol': 'alluvium.tail.v1, alluvium.key.alv_a_b' },
    'Bearer alv_a_b',
    'alluvium.tail.v1',
  ],
  [{ 'sec-websocket-protocol': 'alluvium.key.alv_a_b' }, 'Bearer alv_a_b', undefined],
  [{ 'sec-websocket-protocol': 'other, ,alluvium.tail.v1' }, undefined, 'other, ,alluvium.tail.v1'],
  [{}, undefined, undefined],
  [{ authorization: 'Bearer mine', 'sec-websocket-protocol': 'alluvium.key.other,x' }, 'Bearer mine', 'x'],
])('the key of %o is taken from among the protocols', (given, authorization, protocols) => {
  const headers = { ...given };
  moveKeyToHeader({ headers });
  expect(headers).toEqual({
    ...(authorization !== undefined && { authorization }),
    ...(protocols !== undefined && { 'sec-websocket-protocol': protocols }),
  });
});
