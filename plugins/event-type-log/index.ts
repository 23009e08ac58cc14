import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'log',
    title: 'Log record',
    description: "OpenTelemetry's log record. Every other field is kept under `attributes`, with its type.",
    fields: [],
    sortBy: ['service', 'level'],
    rollUps: [{ name: 'events_per_minute', by: ['level', 'service'] }],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      level: 'ERROR',
      service: 'checkout',
      host: 'web-1',
      message: 'payment declined: card expired',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
      order: 4711,
    },
  },
});
