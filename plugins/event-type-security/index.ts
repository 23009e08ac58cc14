import { definePlugin } from '#plugin-kit';
import { fields } from './fields.js';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: 'security',
    title: 'Security event',
    description:
      'What a security device (firewall, intrusion detection, endpoint protection, gateway) saw or did: between whom, by which rule, how it ended.',
    fields,
    sortBy: ['device_product', 'action'],
    rollUps: [
      { name: 'events_by_device_per_minute', by: ['device_vendor', 'device_product', 'device_severity'] },
      { name: 'actions_per_minute', by: ['device_product', 'action', 'outcome'] },
    ],
    example: {
      timestamp: '2026-11-20T08:15:30.123Z',
      level: 'error',
      host: 'fw-1',
      message: 'worm successfully stopped',
      device_vendor: 'Security',
      device_product: 'threatmanager',
      device_version: '1.0',
      signature_id: '100',
      signature: 'worm successfully stopped',
      device_severity: '8',
      source_address: '10.0.0.1',
      source_port: 1232,
      destination_address: '192.0.2.2',
      destination_port: 443,
      protocol: 'TCP',
      user_name: 'frank',
      action: 'blocked',
      outcome: 'success',
    },
  },
});
