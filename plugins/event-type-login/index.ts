import { definePlugin } from '#plugin-kit';
import { fields } from './fields.js';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'login',
    title: 'Login',
    description: 'Somebody logging in or out, or failing to. An event without a user goes to quarantine.',
    fields,
    sortBy: ['service', 'action'],
    rollUps: [{ name: 'logins_per_minute', by: ['action', 'service'] }],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      service: 'auth',
      user_id: 'u4711',
      action: 'failed',
      success: false,
      failure_reason: 'wrong_password',
      method: 'password',
      ip: '192.0.2.17',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      session_id: '0f8fad5bd9cb469f',
    },
  },
});
