import type { FieldDeclaration } from '#event-model';

export const fields: readonly FieldDeclaration[] = [
  {
    name: 'user_id',
    type: 'string',
    aliases: ['userId', 'user.id'],
    indexed: true,
    description: 'The user on whose behalf the service was called.',
  },
  {
    name: 'ip',
    type: 'string',
    aliases: ['client_ip', 'client.address', 'remote_addr'],
    description: 'Address of the caller, IPv4 or IPv6, as it came.',
  },
  {
    name: 'latency_ms',
    type: 'float64',
    aliases: ['duration_ms'],
    description: 'How long the call took, in milliseconds.',
  },
  {
    name: 'status',
    type: 'uint16',
    aliases: ['status_code', 'http.response.status_code'],
    description: 'HTTP status of the answer.',
  },
  {
    name: 'region',
    type: 'keyword',
    aliases: ['cloud.region'],
    description: 'Where the service runs.',
  },
  {
    name: 'version',
    type: 'keyword',
    aliases: ['service.version'],
    description: 'Version of the service.',
  },
];
