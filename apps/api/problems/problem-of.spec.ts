import { BadRequestException, HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AccessError } from '#access';
import { CatalogueError } from '#catalogue';
import { EventBusError } from '#event-bus';
import { AlluviumError } from '#event-model';
import { TierError } from '#plugin-kit';
import { StreamError } from '#storage-tier';
import { renderErrorsPage } from './errors-page.js';
import { PROBLEM_CODES } from './problem-codes.js';
import { problemOf } from './problem-of.js';

const SECRET = 'password=canary at /var/lib';

describe('errors', () => {
  it.each<[unknown, number, string]>([
    [new EventBusError('bus_full', 'full'), 503, 'bus_full'],
    [new EventBusError('outcome_unknown', 'who knows'), 503, 'outcome_unknown'],
    [new CatalogueError('broken'), 503, 'catalogue_unavailable'],
    [new StreamError('too_many_streams', 'too many'), 409, 'too_many_streams'],
    [new AccessError('key_invalid', 'no'), 400, 'key_invalid'],
    [new TierError('timeout', 'slow'), 503, 'search_timeout'],
    [new BadRequestException('no'), 400, 'bad_request'],
    [new HttpException('gone', 418), 400, 'bad_request'],
    [new EventBusError('fenced', 'no'), 500, 'internal_error'],
    [new AlluviumError('no', { code: 'never_heard_of', retryable: false }), 500, 'internal_error'],
    [new Error('no'), 500, 'internal_error'],
    ['a string', 500, 'internal_error'],
  ])('%s is %i %s', (error, status, code) => {
    const problem = problemOf(error);
    expect([problem.status, problem.code]).toEqual([status, code]);
  });

  it('of the server and its engines keep their words to themselves', () => {
    for (const error of [
      new Error(SECRET),
      new TierError('unavailable', SECRET),
      new TierError('data', SECRET),
    ])
      expect(JSON.stringify(problemOf(error).toBody())).not.toContain('canary');
  });

  it('that may pass say when to come again; others do not', () => {
    expect(problemOf(new EventBusError('bus_full', 'full')).headers['retry-after']).toMatch(/^\d+$/);
    expect(problemOf(new Error('no')).headers['retry-after']).toBeUndefined();
  });

  it('about credentials say which are taken', () => {
    expect(problemOf(new AccessError('unauthenticated', 'no key')).headers['www-authenticate']).toBe(
      'Bearer',
    );
  });
});

describe('the page of codes', () => {
  it('has every code with what to do', () => {
    const page = renderErrorsPage();
    for (const [code, { status, mend }] of Object.entries(PROBLEM_CODES))
      expect(page).toMatch(new RegExp(`^\\| ${status} \\| \`${code}\` \\| .+ \\| ${escape(mend)} \\|$`, 'm'));
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
