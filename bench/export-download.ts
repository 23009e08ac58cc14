import { createWriteStream } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { pause } from '../test/support/appliance-process.js';

/** Where to export from, and what. */
export interface ExportLink {
  readonly url: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Downloads into a file, as fast as it comes. Resolves with its bytes. @throws Error where it isn't answered with 200 */
export async function downloadTo(path: string, link: ExportLink): Promise<number> {
  const answer = await open(link);
  const file = createWriteStream(path);
  await pipeline(answer, file);
  return file.bytesWritten;
}

/** Reads so many bytes a second for a while, then leaves. Resolves with the bytes read. */
export async function readSlowly(link: ExportLink, bytesPerSecond: number, seconds: number): Promise<number> {
  const answer = await open(link);
  const started = performance.now();
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    const elapsed = performance.now() - started;
    if (elapsed > seconds * 1000) break;
    await pause(Math.max(0, (bytes / bytesPerSecond) * 1000 - elapsed));
  }
  answer.destroy();
  return bytes;
}

function open({ url, key, query }: ExportLink): Promise<IncomingMessage> {
  const address = `${url}/api/v1/logs/export?${new URLSearchParams(query).toString()}`;
  return new Promise((resolve, reject) => {
    get(address, { agent: false, headers: { authorization: `Bearer ${key}` } }, (answer) => {
      if (answer.statusCode === 200) resolve(answer);
      else reject(new Error(`The export answered ${answer.statusCode}`));
    }).on('error', reject);
  });
}
