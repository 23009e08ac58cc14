import { describe, expect, it } from 'vitest';
import { makeEventType, makeField, sampleProblems } from '#plugin-kit/testing';

const type = makeEventType({
  fields: [makeField({ aliases: ['phase'], required: true }), makeField({ name: 'total', type: 'float64' })],
});
const SAMPLE = '{"ts":1,"phase":"paid","total":9.5,"n":{"a":1}}\n';
const EXPECTED =
  '{"timestamp":"1970-01-01T00:00:01.000000000Z","state":"paid","total":9.5,"attributes":{"n":{"a":1}}}\n';

describe('a sample', () => {
  it('is accepted where each event fits and is found as expected', () => {
    expect(sampleProblems(type, SAMPLE, EXPECTED)).toEqual([]);
    expect(sampleProblems(type, SAMPLE + SAMPLE, EXPECTED + EXPECTED)).toEqual([]);
  });

  it('is refused where a required field or a type is wrong, with the line', () => {
    expect(sampleProblems(type, `${SAMPLE}{"total":1}`, `${EXPECTED}{"total":1,"attributes":{}}`)).toEqual([
      'line 2: "state" is required and missing',
    ]);
    expect(sampleProblems(type, '{"state":1}', '{"state":1,"attributes":{}}')).toEqual([
      'line 1: "state" is not of type keyword',
    ]);
  });

  it('is refused where the expected output is another', () => {
    expect(sampleProblems(type, SAMPLE, EXPECTED.replace('9.5', '"9.5"'))).toEqual([
      expect.stringContaining('line 1: is expected as {"timestamp":"1970-'),
    ]);
    expect(sampleProblems(type, SAMPLE, '')).toEqual(['the sample has 1 events, its expected output 0']);
    expect(sampleProblems(type, '\n', '')).toEqual(['the sample has no event']);
  });
});
