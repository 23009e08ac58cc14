import type { FieldDeclaration } from '#event-model';

export const fields: readonly FieldDeclaration[] = [
  {
    name: 'user_id',
    type: 'string',
    aliases: ['userId', 'user.id', 'username', 'user'],
    required: true,
    indexed: true,
    description: 'Who it was, or claimed to be.',
  },
  {
    name: 'action',
    type: 'keyword',
    aliases: ['event.action'],
    description: 'What was done: login, logout, failed, locked, …',
  },
  {
    name: 'success',
    type: 'bool',
    description: 'Whether it was allowed.',
  },
  {
    name: 'failure_reason',
    type: 'keyword',
    aliases: ['reason'],
    description: 'Why it was refused: wrong_password, unknown_user, locked, …',
  },
  {
    name: 'method',
    type: 'keyword',
    aliases: ['auth_method'],
    description: 'How: password, passkey, sso, token, …',
  },
  {
    name: 'ip',
    type: 'string',
    aliases: ['client_ip', 'client.address', 'remote_addr'],
    indexed: true,
    description: 'Address of the client, IPv4 or IPv6, as it came.',
  },
  {
    name: 'user_agent',
    type: 'string',
    aliases: ['userAgent', 'user_agent.original'],
    description: 'What the client calls itself.',
  },
  {
    name: 'session_id',
    type: 'string',
    aliases: ['sessionId', 'session.id'],
    description: 'The session that was opened or closed.',
  },
];
