import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { SURE } from '#plugin-kit';
import plugin from './index.js';

const receivedAt = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const parse = (line: string | Uint8Array, zone?: string) =>
  plugin.parser.parse([Buffer.from(line)], zone === undefined ? { receivedAt } : { receivedAt, zone })[0];
const eventOf = (line: string, zone?: string): Readonly<Record<string, unknown>> => {
  const parsed = parse(line, zone);
  if (parsed?.kind !== 'event') throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed.event;
};
const COMMON = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';
const exchange = (beginning: string): string =>
  `${beginning} [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5`;

describe('a line in common format', () => {
  it('is read whole', () => {
    expect(eventOf(COMMON)).toEqual({
      timestamp: '2000-10-10T13:55:36-07:00',
      'client.address': '127.0.0.1',
      'user.name': 'frank',
      'http.request.method': 'GET',
      'url.path': '/apache_pb.gif',
      'network.protocol.name': 'http',
      'network.protocol.version': '1.0',
      message: 'GET /apache_pb.gif HTTP/1.0 200',
      'http.response.status_code': 200,
      'http.response.body.size': 2326,
    });
    expect(parse(COMMON)).not.toHaveProperty('confidence');
  });

  it.each([
    ['::1 - -', { 'client.address': '::1' }],
    ['[2001:db8::1] - -', { 'client.address': '2001:db8::1' }],
    ['client.example.com - -', { 'client.address': 'client.example.com' }],
    ['192.0.2.1 - ""', { 'client.address': '192.0.2.1' }],
    ['192.0.2.1 - john doe', { 'user.name': 'john doe' }],
    ['192.0.2.1 inetd frank', { 'access_log.ident': 'inetd', 'user.name': 'frank' }],
    ['www.example.com:443 192.0.2.1 - -', { 'server.address': 'www.example.com', 'server.port': 443 }],
    [
      'www.example.com 192.0.2.1 - frank',
      { 'server.address': 'www.example.com', 'client.address': '192.0.2.1' },
    ],
    ['[2001:db8::2]:80 192.0.2.1 - -', { 'server.address': '2001:db8::2', 'server.port': 80 }],
    ['2001:db8::2 192.0.2.1 - -', { 'server.address': '2001:db8::2', 'client.address': '192.0.2.1' }],
    [
      '192.0.2.1, 198.51.100.2 - -',
      { 'client.address': '192.0.2.1', 'http.request.header.x-forwarded-for': '192.0.2.1, 198.51.100.2' },
    ],
    ['- - -', {}],
  ])('that begins with %s', (beginning, expected) => {
    const event = eventOf(exchange(beginning));
    expect(event).toMatchObject({ ...expected, 'http.response.status_code': 200 });
    for (const value of Object.values(event)) expect(value).not.toBe('-');
  });

  it.each([
    ['GET /a?b=c&d HTTP/1.1', { 'url.path': '/a', 'url.query': 'b=c&d', 'network.protocol.version': '1.1' }],
    ['GET /with space HTTP/2.0', { 'url.path': '/with space', 'network.protocol.version': '2.0' }],
    ['POST /x HTTP/2', { 'http.request.method': 'POST', 'network.protocol.version': '2' }],
    ['GET /', { 'http.request.method': 'GET', 'url.path': '/' }],
    ['OPTIONS * HTTP/1.1', { 'url.path': '*' }],
    ['CONNECT example.com:443 HTTP/1.1', { 'url.original': 'example.com:443' }],
    [
      'GET http://example.com/p?q HTTP/1.1',
      { 'url.full': 'http://example.com/p?q', 'url.path': '/p', 'url.query': 'q' },
    ],
    ['GET http://example.com HTTP/1.1', { 'url.full': 'http://example.com', 'url.path': '/' }],
    ['GET /a\\"b\\x22\\xc3\\xa9\\\\x41 HTTP/1.1', { 'url.path': '/a"b"\u00e9\\x41' }],
    ['GET /"raw"x HTTP/1.1', { 'url.path': '/"raw"x' }],
    ['M-SEARCH * HTTP/1.1', { 'http.request.method': 'M-SEARCH' }],
  ])('with the request %s', (request, expected) => {
    const line = `192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "${request}" 200 5`;
    expect(eventOf(line)).toMatchObject({ ...expected, message: `${request} 200` });
    expect(parse(line)).not.toHaveProperty('confidence');
  });

  it.each([
    ['\\x16\\x03\\x01\\x02\\x00\\x01\\x00', '400 150'],
    ['\u0016\u0003\u0001', '400 226'],
    ['quit', '400 0'],
    ['get / HTTP/1.1', '400 0'],
    ['GET  HTTP/1.1', '400 0'],
  ])('with the request %j, which is none, is read in part', (request, answer) => {
    const line = `192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "${request}" ${answer} "-" "-"`;
    expect(parse(line)).toMatchObject({
      ...{ kind: 'event', confidence: 'partial', warnings: [expect.stringContaining('no line of HTTP')] },
      event: { message: `${request} 400`, 'http.response.status_code': 400, 'client.address': '192.0.2.1' },
    });
    expect(eventOf(line)).not.toHaveProperty('http.request.method');
  });

  it.each(['"-" 408 -', '"" 400 0 "-" "-"', '"-" 408 - "-" "-"'])('without a request: %s', (rest) => {
    const line = `192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] ${rest}`;
    expect(parse(line)).not.toHaveProperty('confidence');
    expect(eventOf(line)).not.toHaveProperty('http.request.method');
    expect(eventOf(line)['http.response.status_code']).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['10/Oct/2000:13:55:36.123 -0700', undefined, '2000-10-10T13:55:36.123-07:00'],
    ['10/Oct/2000:13:55:36', 'Europe/Berlin', '2000-10-10T13:55:36+02:00'],
    ['2000-10-10T13:55:36+02:00', undefined, '2000-10-10T13:55:36+02:00'],
  ])('at %s', (time, zone, timestamp) => {
    expect(eventOf(`192.0.2.1 - - [${time}] "GET / HTTP/1.1" 200 5`, zone)['timestamp']).toBe(timestamp);
  });
});

describe('a line in combined format', () => {
  const COMBINED = `${COMMON} "http://example.com/start" "Mozilla/4.08 [en] (Win98; \\"I\\")"`;

  it('has a referrer and a user agent', () => {
    expect(eventOf(COMBINED)).toMatchObject({
      'http.request.referrer': 'http://example.com/start',
      'user_agent.original': 'Mozilla/4.08 [en] (Win98; "I")',
    });
    const none = eventOf(`${COMMON} "-" "-"`);
    expect(none).not.toHaveProperty('http.request.referrer');
    expect(none).not.toHaveProperty('user_agent.original');
  });

  it.each([
    ['"192.0.2.7"', { 'http.request.header.x-forwarded-for': '192.0.2.7' }],
    ['"-"', { 'access_log.extra': ['-'] }],
    ['0.005 0.004', { 'http.server.request.duration': 0.005, 'access_log.upstream_response_time': 0.004 }],
    ['"0.005" "-"', { 'http.server.request.duration': 0.005, 'access_log.extra': ['-'] }],
    [
      'rt=0.005 uct="0.001" id=abc host:"a b" none=-',
      { 'access_log.rt': 0.005, 'access_log.id': 'abc', 'access_log.host': 'a b' },
    ],
    [
      '612 0.005 [shop-web-80] [] 192.0.2.9:8080 612 0.004 200 4bf92f35',
      {
        'http.server.request.duration': 0.005,
        'access_log.upstream_response_time': 0.004,
        'access_log.extra': ['612', '[shop-web-80]', '[]', '192.0.2.9:8080', '612', '200', '4bf92f35'],
      },
    ],
  ])('and %s behind', (extra, expected) => {
    expect(eventOf(`${COMBINED} ${extra}`)).toMatchObject(expected);
    expect(parse(`${COMBINED} ${extra}`)).not.toHaveProperty('confidence');
  });

  it.each([
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /cut',
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000]',
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] words',
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" cut',
    `${COMMON} "http://example.com/cut`,
    `${COMBINED} "cut`,
  ])('that is cut is read in part: %s', (line) => {
    expect(parse(line)).toMatchObject({
      kind: 'event',
      confidence: 'partial',
      event: { timestamp: expect.any(String) },
    });
  });
});

describe('what is no access log', () => {
  it.each([
    ['not_access_log', 'complete and utter gobbledegook'],
    ['not_access_log', '[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok'],
    ['not_access_log', '192.0.2.1 - - [32/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5'],
    ['not_access_log', '192.0.2.1 - - [31/Feb/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5'],
    ['not_access_log', '192.0.2.1 [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5'],
    ['not_access_log', '{"a":"b"} - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5'.slice(9)],
    ['not_access_log', '{"message":"words"}'],
    ['not_access_log', '{}'],
    ['not_access_log', `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`],
    ['not_json', '{"a":'],
    ['not_json', '{"a":"b"} - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5'],
  ])('is refused as %s: %s', (reason, line) => {
    expect(parse(line)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('an access log is recognised', () => {
  const sniff = (line: string): number => plugin.parser.sniff(Buffer.from(line));

  it.each([
    COMMON,
    exchange('::1 - -'),
    exchange('www.example.com:443 192.0.2.1 - john doe'),
    exchange('192.0.2.1, 198.51.100.2 - -'),
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "\\x16\\x03" 400 0',
    '{"time":"x","remote_addr":"192.0.2.1","request":"GET / HTTP/1.1"}',
    '{"level":"info","ts":1646861401.5,"logger":"http.log.access.log0","msg":"handled request","request":{}}',
    '{"ClientHost":"192.0.2.1","RequestPath":"/x"}',
  ])('for sure: %s', (line) => {
    expect(sniff(line)).toBeGreaterThanOrEqual(SURE);
  });

  it.each([
    ['192.0.2.1 - - [2026-03-01T18:46:11+01:00] "GET / HTTP/1.1" 200 5', 1],
    ['{"message":"x","status":200}', 0],
    ['<190>Dec 28 16:49:07 h nginx: 192.0.2.1 - - [28/Dec/2019:16:49:07 +0000] "GET /', 0],
    ['2015-10-18 18:01:47,978 INFO [main] "x"', 0],
    ['', 0],
  ])('%s: %i', (line, expected) => {
    expect(sniff(line)).toBeLessThan(SURE);
    expect(Math.ceil(sniff(line))).toBe(expected);
  });
});
