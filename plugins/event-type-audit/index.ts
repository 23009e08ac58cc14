import { definePlugin } from '#plugin-kit';
import { fields } from './fields.js';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'audit',
    title: 'Audit record',
    description: 'Who did what to what, and how it ended. A record without an action goes to quarantine.',
    fields,
    sortBy: ['service', 'action'],
    rollUps: [{ name: 'actions_per_minute', by: ['service', 'action', 'outcome'] }],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      service: 'admin',
      actor: 'u4711',
      actor_type: 'user',
      action: 'delete',
      target: 'stream/web',
      target_type: 'stream',
      outcome: 'denied',
      outcome_reason: 'the stream is held',
      source_address: '192.0.2.17',
      session_id: '0f8fad5bd9cb469f',
    },
  },
});
