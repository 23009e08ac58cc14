import { isNeverReached } from '#plugin-kit';
import { z } from 'zod';

const FILE = z.string().min(1).max(127);

/** The address; undefined where the text is none that may be sent to. Names and passwords belong into a file. */
export function readUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url : undefined;
}

/** Whether an address is written out that can't be connected to, whatever the settings say. */
function leadsNowhere(text: string): boolean {
  const url = readUrl(text);
  return url !== undefined && isNeverReached(url.hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Options of a webhook. */
export const webhookOptions = z
  .strictObject({
    url: z
      .string()
      .max(2_048)
      .refine((text) => readUrl(text) !== undefined, {
        error: 'is no address of http or https without a password',
        params: { mend: 'Send such as https://alerts.example.org/hook.' },
      })
      .refine((text) => !leadsNowhere(text), {
        error:
          'is in a network that no setting opens to notifiers (169.254.0.0/16, fe80::/10, fd00:ec2::/32)',
        params: { mend: 'Name another address.' },
      })
      .optional()
      .describe('Where to. It is shown: an address that is a secret belongs into `url_file`.'),
    url_file: FILE.optional().describe('Name of a file, in the folder of secrets, that holds the address.'),
    authorization_file: FILE.optional().describe(
      'Name of a file, in the folder of secrets, that holds the header `Authorization`, such as `Bearer …`.',
    ),
  })
  .refine(({ url, url_file }) => (url === undefined) !== (url_file === undefined), {
    error: 'need one of url and url_file',
    params: { mend: 'Set url, or url_file.' },
  });

export type WebhookOptions = z.output<typeof webhookOptions>;
