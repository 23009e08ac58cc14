import { z } from 'zod';

const path = z.string().min(1).max(4_096);
const name = /^[A-Za-z0-9._-]{1,249}$/;
const broker = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

const tls = z
  .strictObject({
    ca_file: path
      .optional()
      .describe('Authorities of the brokers’ certificates (PEM). Default: those of Node.'),
    cert_file: path.optional().describe('Certificate that is shown to the brokers (PEM).'),
    key_file: path.optional().describe('Its private key (PEM).'),
  })
  .refine(({ cert_file, key_file }) => (cert_file === undefined) === (key_file === undefined), {
    error: 'has a certificate or a key without the other',
    params: { mend: 'Name both cert_file and key_file, or neither.' },
  });

const sasl = z.strictObject({
  mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
  username: z.string().min(1).max(255),
  password_file: path.describe('File that holds the password.'),
});

/** Options of a Kafka input. */
export const kafkaOptions = z.strictObject({
  brokers: z
    .array(z.string().regex(broker))
    .min(1)
    .max(100)
    .describe('`host:port` of some brokers; the others are found by them.'),
  topics: z.array(z.string().regex(name)).min(1).max(100).describe('Topics whose records are taken.'),
  group: z
    .string()
    .regex(name)
    .optional()
    .describe('Consumer group, of this input alone. Default: `alluvium-input.` and the name of the input.'),
  format: z
    .enum(['json', 'lines'])
    .default('json')
    .describe('`json`: a record is a JSON object. `lines`: text for the parser of the source.'),
  from: z
    .enum(['earliest', 'latest'])
    .default('earliest')
    .describe('Where a partition begins that the group has not read yet.'),
  tls: tls.optional().describe('With it, `{}` at least, brokers are spoken to by TLS.'),
  sasl: sasl.optional().describe('How user and password are given to the brokers.'),
});

export type KafkaOptions = z.output<typeof kafkaOptions>;
