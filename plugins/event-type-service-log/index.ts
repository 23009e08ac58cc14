import { definePlugin } from '#plugin-kit';
import { fields } from './fields.js';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'service-log',
    title: 'Service log',
    description:
      'A log record of a web service: who called it from where, how long it took and how it ended.',
    fields,
    sortBy: ['service', 'level'],
    rollUps: [
      { name: 'events_per_minute', by: ['level', 'service'] },
      { name: 'users_per_day', by: [], unique: ['user_id'] },
    ],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      level: 'INFO',
      service: 'checkout',
      host: 'che-004',
      message: 'GET /api/v1/orders/4711 completed in 23 ms with 200',
      user_id: 'u4711',
      ip: '192.0.2.17',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
      latency_ms: 22.87,
      status: 200,
      region: 'eu-west-1',
      version: '2.14.3',
    },
  },
});
