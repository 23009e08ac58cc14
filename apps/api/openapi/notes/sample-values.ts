/** Values that examples share, so that they fit together. */
export const SAMPLE = {
  eventId: '019a9e3b7c2a4f6e8d1b0c9a7e5f3d21-0',
  receipt: '019a9e3b7c2a4f6e8d1b0c9a7e5f3d21.0-1.5d41402abc4b2a76b9719d911017c592',
  keyId: '4f7a19c2',
  jobId: '5f0e6a52-8f0b-4e0c-9d53-0a8b8a3a4f6e',
  stream: 'default',
  time: '2026-11-20T08:15:30.123000000Z',
  received: '2026-11-20T08:15:31.004000000Z',
} as const;

/** An event as a search shows it. */
export const SAMPLE_EVENT = {
  event_id: SAMPLE.eventId,
  tenant: 'default',
  stream: SAMPLE.stream,
  source: 'web',
  timestamp: SAMPLE.time,
  observed_timestamp: SAMPLE.received,
  event_type: 'log',
  severity_number: 17,
  level: 'ERROR',
  service: 'checkout',
  message: 'payment declined: card expired',
  attributes: { order: 4711 },
};

export const SAMPLE_STATS = { rows_read: 8192, bytes_read: 655_360, elapsed_ms: 4.2 };
