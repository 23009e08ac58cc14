import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { toServerError } from './server-errors.js';

const server = { url: 'http://ch.example:8123', user: 'writer', password: () => 'hidden' };
const said = (code: string, message: string, type = 'X') => new ClickHouseError({ code, message, type });
const ofSystem = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('an error of a server', () => {
  it.each<[string, unknown, string]>([
    ['a wrong password', said('516', 'Authentication failed'), 'CLICKHOUSE_PASSWORD_FILE'],
    [
      'a missing grant',
      said('497', 'necessary to have the grant CREATE TABLE ON a.b.'),
      'CREATE TABLE ON a.b.',
    ],
    ['a user who may only read', said('164', 'Cannot execute query in readonly mode.'), 'take readonly out'],
    ['nobody there', ofSystem('ECONNREFUSED'), 'CLICKHOUSE_URL'],
    ['a name that is none', new AggregateError([ofSystem('ENOTFOUND')]), 'ENOTFOUND'],
    ['a certificate of a stranger', ofSystem('SELF_SIGNED_CERT_IN_CHAIN'), 'CLICKHOUSE_TLS_CA'],
    ['a page of something else', new Error('<!DOCTYPE html>'), '<!DOCTYPE html>'],
  ])('says what to mend: %s', (_what, error, mend) => {
    const { message, failure, retryable } = toServerError(error, server);
    expect(message).toContain(mend);
    expect(message).toContain(server.url);
    expect(message).not.toContain('hidden');
    expect([failure, retryable]).toEqual(['unavailable', true]);
  });

  it('means what it does in the process, where it is of the statement', () => {
    expect(toServerError(said('159', 'Timeout exceeded'), server).failure).toBe('timeout');
    expect(toServerError(said('60', 'Unknown table'), server).failure).toBe('config');
    expect(toServerError(said('27', 'Cannot parse'), server).failure).toBe('data');
    expect(toServerError(said('241', 'Memory limit'), server).exhausted).toBe(true);
  });
});
