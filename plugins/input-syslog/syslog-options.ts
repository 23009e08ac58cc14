import { listenerShape, portOption, tlsOption } from '#plugin-kit';
import { z } from 'zod';

/** Options of a syslog input: at least one port. */
export const syslogOptions = z
  .strictObject({
    udp_port: portOption('Port for UDP (RFC 5426), a message a datagram.'),
    tcp_port: portOption('Port for TCP (RFC 6587).'),
    tls_port: portOption('Port for TLS (RFC 5425); needs `tls`.'),
    tls: tlsOption.optional(),
    ...listenerShape,
  })
  .refine(({ udp_port, tcp_port, tls_port }) => (udp_port ?? tcp_port ?? tls_port) !== undefined, {
    error: 'name no port',
    params: { mend: 'Set udp_port, tcp_port or tls_port.' },
  })
  .refine(({ tls_port, tls }) => tls_port === undefined || tls !== undefined, {
    error: 'is missing, with a tls_port',
    path: ['tls'],
    params: { mend: 'Name the certificate and its key in tls.' },
  });

export type SyslogOptions = z.output<typeof syslogOptions>;
