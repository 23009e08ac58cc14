import { listenerShape, portOption, tlsOption } from '#plugin-kit';
import { z } from 'zod';

/** Options of a GELF input: at least one port. */
export const gelfOptions = z
  .strictObject({
    udp_port: portOption('Port for UDP; 12201 is usual.'),
    tcp_port: portOption('Port for TCP, each message ended by a NUL.'),
    http_port: portOption('Port for `POST /gelf`, a message a request.'),
    tls: tlsOption.optional().describe('With it, TCP and HTTP are spoken over TLS.'),
    ...listenerShape,
  })
  .refine(({ udp_port, tcp_port, http_port }) => (udp_port ?? tcp_port ?? http_port) !== undefined, {
    error: 'name no port',
    params: { mend: 'Set udp_port, tcp_port or http_port.' },
  });

export type GelfOptions = z.output<typeof gelfOptions>;
