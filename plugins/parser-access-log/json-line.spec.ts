import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import plugin from './index.js';

const receivedAt = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const parse = (line: string | Uint8Array, zone?: string) =>
  plugin.parser.parse([Buffer.from(line)], zone === undefined ? { receivedAt } : { receivedAt, zone })[0];
const eventOf = (line: string, zone?: string): Readonly<Record<string, unknown>> => {
  const parsed = parse(line, zone);
  if (parsed?.kind !== 'event') throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed.event;
};

describe('a line of an access log in JSON', () => {
  it('of nginx has the names of its variables', () => {
    const line = {
      ...{ time_iso8601: '2026-03-01T18:46:11+01:00', remote_addr: '192.0.2.1', remote_user: '' },
      ...{ request: 'GET /a?b HTTP/1.1', status: '200', body_bytes_sent: '612', request_time: '0.005' },
      ...{ http_referrer: '-', http_user_agent: 'curl/8', upstream_response_time: '-', request_id: 'r1' },
      big: 1,
    };
    expect(eventOf(JSON.stringify(line).replace('"big":1', '"big":12345678901234567890'))).toEqual({
      timestamp: '2026-03-01T18:46:11+01:00',
      'client.address': '192.0.2.1',
      message: 'GET /a?b HTTP/1.1',
      'http.request.method': 'GET',
      ...{ 'url.path': '/a', 'url.query': 'b' },
      ...{ 'network.protocol.name': 'http', 'network.protocol.version': '1.1' },
      ...{ 'http.response.status_code': 200, 'http.response.body.size': 612 },
      'http.server.request.duration': 0.005,
      'user_agent.original': 'curl/8',
      request_id: 'r1',
      big: '12345678901234567890',
    });
  });

  it('of nginx in parts, with other times', () => {
    const parts =
      '"remote_addr":"::1","request_method":"GET","request_uri":"/a?b","args":"b","server_protocol":"HTTP/2.0"';
    expect(eventOf(`{"time_local":"10/Oct/2000:13:55:36 -0700",${parts},"status":404}`)).toMatchObject({
      timestamp: '2000-10-10T13:55:36-07:00',
      message: 'GET /a?b 404',
      ...{ 'url.path': '/a', 'url.query': 'b', 'network.protocol.version': '2.0' },
    });
    expect(eventOf(`{"msec":1772387171.123,${parts}}`)['timestamp']).toBe('1772387171.123');
    expect(parse(`{"time":"soon",${parts}}`)).toMatchObject({
      confidence: 'partial',
      event: { 'access_log.time': 'soon' },
    });
    for (const time of ['"soon"', '"soon","timestamp":"x"', '{"a":1}', '18446744073709551615'])
      expect(eventOf(`{"timestamp":${time},${parts}}`)).not.toHaveProperty('timestamp');
  });

  it('of Caddy and of Traefik', () => {
    const caddy =
      '{"level":"info","ts":1646861401.5241024,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.1","proto":"HTTP/2.0","method":"GET","host":"example.com:8443","uri":"/x?y","headers":{"User-Agent":["curl/7.82.0"],"Accept":["*/*"],"__proto__":{"polluted":1}}},"duration":0.000929675,"size":10900,"status":200}';
    expect(eventOf(caddy)).toMatchObject({
      ...{ 'client.address': '192.0.2.1', 'http.request.method': 'GET', 'url.path': '/x', 'url.query': 'y' },
      ...{ 'server.address': 'example.com', 'server.port': 8443, 'user_agent.original': 'curl/7.82.0' },
      ...{ 'http.request.header.accept': ['*/*'], 'http.server.request.duration': 0.000929675 },
      ...{ 'http.response.status_code': 200, msg: 'handled request', level: 'info' },
    });
    const traefik =
      '{"ClientHost":"192.0.2.1","RequestMethod":"GET","RequestPath":"/x","RequestProtocol":"HTTP/1.1","DownstreamStatus":200,"Duration":5000000,"StartUTC":"2026-03-01T18:46:11.5Z"}';
    expect(eventOf(traefik)).toMatchObject({
      ...{ timestamp: '2026-03-01T18:46:11.5Z', 'http.server.request.duration': 0.005 },
      ...{ 'http.response.status_code': 200, 'network.protocol.version': '1.1' },
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps under its own name what is none of its kind', () => {
    const event = eventOf(
      '{"remote_addr":7,"status":"ok","request":[1],"method":null,"path":{"a":1},"__proto__":{"polluted":1}}',
    );
    expect(event).toMatchObject({ remote_addr: 7, status: 'ok', request: [1], path: { a: 1 } });
    expect(Object.hasOwn(event, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
