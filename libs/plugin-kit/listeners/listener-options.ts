import { z } from 'zod';
import { InputStartError, type InputContext } from '../kinds/input.js';

const PORT = z.number().int().min(0).max(65_535);

/** A port to listen on; 0 takes a free one. */
export const portOption = (meaning: string): z.ZodOptional<z.ZodNumber> =>
  PORT.optional().describe(`${meaning} Off where it is left out; 0 takes a free one.`);

/** Files with what TLS needs; the paths are those of the server's machine. */
export const tlsOption = z
  .strictObject({
    cert_file: z.string().min(1).describe('Certificate chain, PEM.'),
    key_file: z.string().min(1).describe('Private key of the certificate, PEM.'),
    ca_file: z.string().min(1).optional().describe('Authorities whose client certificates are taken, PEM.'),
    client_certificates: z
      .enum(['none', 'wanted', 'required'])
      .optional()
      .describe('Default: `required` with `ca_file`, else `none`. `wanted`: checked where one is sent.'),
    max_version: z
      .enum(['1.2', '1.3'])
      .default('1.2')
      .describe(
        'Newest version of TLS. With 1.3 the server has to send session tickets: a sender that never reads loses what is on its way when it closes.',
      ),
  })
  .refine((tls) => tls.ca_file !== undefined || (tls.client_certificates ?? 'none') === 'none', {
    error: 'needs ca_file to check client certificates',
    path: ['client_certificates'],
    params: { mend: 'Name the file of the authorities in ca_file.' },
  });

export type TlsOption = z.infer<typeof tlsOption>;

/** Options of whatever listens. */
export const listenerShape = {
  host: z
    .string()
    .min(1)
    .default('::')
    .describe('Address to listen on. `::` is all of them, of IPv4 and IPv6.'),
  max_connections: z.number().int().min(1).max(100_000).default(2_000).describe('Most connections at once.'),
  max_connections_per_address: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Most connections at once from one address.'),
  idle_seconds: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('A connection on which nothing comes for so long is closed.'),
  receive_buffer_bytes: z
    .number()
    .int()
    .min(4_096)
    .max(1 << 30)
    .default(16 << 20)
    .describe('Of UDP: what the system is asked to hold. It may give less: net.core.rmem_max.'),
};

type ListenerOptions = z.infer<z.ZodObject<typeof listenerShape>>;

/** The options of {@link listenerShape} that a {@link StreamListener} takes, in its words. */
export function streamLimits(options: ListenerOptions) {
  return {
    host: options.host,
    maxConnections: options.max_connections,
    maxConnectionsPerAddress: options.max_connections_per_address,
    idleMs: options.idle_seconds * 1_000,
  };
}

/** What a TLS server is made of. */
export interface TlsFiles {
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
  readonly ca?: Uint8Array;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** Reads the files of TLS. @throws InputStartError */
export async function readTlsFiles(
  context: InputContext<unknown>,
  tls: TlsOption | undefined,
): Promise<TlsFiles> {
  if (!tls)
    throw new InputStartError('A TLS port is set, but no tls.', 'Name the certificate and its key in tls.');
  const { cert_file, key_file, ca_file } = tls;
  const asked = tls.client_certificates ?? (ca_file === undefined ? 'none' : 'required');
  return {
    cert: await context.readSecret(cert_file),
    key: await context.readSecret(key_file),
    ...(ca_file !== undefined && { ca: await context.readSecret(ca_file) }),
    requestCert: asked !== 'none',
    rejectUnauthorized: asked !== 'none',
    maxVersion: `TLSv${tls.max_version}`,
  };
}
