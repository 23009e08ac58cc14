import type { FieldDeclaration } from '#event-model';

export const fields: readonly FieldDeclaration[] = [
  {
    name: 'client_address',
    type: 'string',
    aliases: ['client.address', 'client.ip', 'source.ip', 'remote_addr', 'client_ip', 'clientip', 'ip'],
    indexed: true,
    description: 'Address of the client, IPv4 or IPv6, or its name, as it came.',
  },
  {
    name: 'user_name',
    type: 'string',
    aliases: ['user.name', 'remote_user', 'username', 'user'],
    description: 'Who the client is logged in as.',
  },
  {
    name: 'method',
    type: 'keyword',
    aliases: ['http.request.method', 'http.method', 'request_method', 'verb'],
    description: 'Method of the request: GET, POST, …',
  },
  {
    name: 'path',
    type: 'string',
    aliases: ['url.path', 'uri', 'uri_path'],
    indexed: true,
    description: 'Path of the target, without the query.',
  },
  {
    name: 'query_string',
    type: 'string',
    aliases: ['url.query', 'args', 'uri_query'],
    description: 'Query of the target, without the question mark.',
  },
  {
    name: 'server_address',
    type: 'keyword',
    aliases: ['server.address', 'url.domain', 'server_name', 'vhost', 'http_host'],
    description: 'The site (virtual host) that was asked.',
  },
  {
    name: 'http_version',
    type: 'keyword',
    aliases: ['network.protocol.version', 'http.version'],
    description: 'Version of HTTP: 1.1, 2, 3.',
  },
  {
    name: 'status',
    type: 'uint16',
    aliases: ['http.response.status_code', 'http.status_code', 'status_code'],
    description: 'HTTP status of the answer.',
  },
  {
    name: 'bytes',
    type: 'uint64',
    aliases: ['http.response.body.size', 'http.response.body.bytes', 'body_bytes_sent', 'bytes_sent'],
    description: 'Bytes of the answer.',
  },
  {
    name: 'duration_seconds',
    type: 'float64',
    aliases: ['http.server.request.duration', 'request_time'],
    description: 'How long the answer took, in seconds.',
  },
  {
    name: 'referrer',
    type: 'string',
    aliases: ['http.request.referrer', 'http_referer', 'referer'],
    description: 'The page that the request came from.',
  },
  {
    name: 'user_agent',
    type: 'string',
    aliases: ['user_agent.original', 'http_user_agent', 'userAgent'],
    description: 'What the client calls itself.',
  },
];
