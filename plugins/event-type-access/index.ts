import { definePlugin } from '#plugin-kit';
import { fields } from './fields.js';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'access',
    title: 'Web access',
    description:
      'A request that a web server or proxy answered: from whom, for what, how it ended and how long it took.',
    fields,
    sortBy: ['server_address', 'method'],
    rollUps: [{ name: 'requests_per_minute', by: ['server_address', 'method'] }],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      message: 'GET /orders?page=2 HTTP/1.1 200',
      client_address: '192.0.2.17',
      user_name: 'frank',
      method: 'GET',
      path: '/orders',
      query_string: 'page=2',
      server_address: 'www.example.com',
      http_version: '1.1',
      status: 200,
      bytes: 2326,
      duration_seconds: 0.005,
      referrer: 'https://www.example.com/',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
  },
});
