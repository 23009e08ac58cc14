import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { runCommandLine, startCommand, type CommandOutcome } from '../support/command-line.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { numberedLines, storedNumbers } from './stored-numbers.js';

const folder = mkdtempSync(join(tmpdir(), 'alluvium-send-'));
let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance();
});
afterAll(async () => {
  await appliance.dispose();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function send(args: readonly string[], input: string | Buffer = ''): Promise<CommandOutcome> {
  const env = { XDG_STATE_HOME: join(folder, 'state') };
  return runCommandLine(['send', ...args], { server: appliance, env, input });
}

async function messagesOf(stream: string): Promise<unknown[]> {
  const { body } = await new ApiClient(appliance).logs({ stream, sort: 'asc', limit: 100 });
  return body.logs.map((event) => event['message']);
}

describe('send takes', () => {
  const lines = numberedLines(5_000);
  const json = JSON.stringify(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    undefined,
    2,
  );

  it.each([
    ['NDJSON', () => Buffer.from(lines)],
    ['JSON', () => Buffer.from(json)],
    ['gzip', () => gzipSync(lines)],
    [
      'gzip of several members',
      () => Buffer.concat([gzipSync(lines.slice(0, 999)), gzipSync(lines.slice(999))]),
    ],
    ['zstd', () => execFileSync('zstd', ['-c'], { input: lines })],
    ['JSON in zstd', () => execFileSync('zstd', ['-c'], { input: json })],
  ])('%s, each event once', async (name, make) => {
    const stream = name.toLowerCase().replaceAll(' ', '-');
    const file = write(stream, make());
    const { code, stdout } = await send([file, '--stream', stream, '--wait', '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ accepted: 5_000, stored: 5_000 }),
    ]);
    expect(await storedNumbers(appliance, stream)).toEqual({ events: 5_000, numbers: 5_000 });
  });

  it('lines of text, with the parser that is named', async () => {
    const file = write('text', '<34>1 2026-01-31T12:00:00Z web app - - - one\n');
    expect((await send([file, '--stream', 'text', '--parser', 'plain', '--wait'])).code).toBe(0);
    expect(await messagesOf('text')).toEqual(['<34>1 2026-01-31T12:00:00Z web app - - - one']);
  });

  it('what comes through standard input', async () => {
    const { code, stdout } = await send(['-', '--stream', 'pipe', '--wait'], 'one\ntwo');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^2 events accepted.*\n2 stored\n$/)]);
    expect((await messagesOf('pipe')).toSorted()).toEqual(['one', 'two']);
  });

  it('lines of a pipe that stays open', async () => {
    const sender = startCommand(['send', '-', '--stream', 'open'], { server: appliance });
    sender.child.stdin.write('{"message":"early"}\n{"message":"not wh');
    while ((await messagesOf('open').catch(() => [])).length === 0)
      await new Promise((done) => setTimeout(done, 100));
    expect(await messagesOf('open')).toEqual(['early']);
    sender.child.stdin.end('ole"}\n');
    expect(await sender.ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 events accepted/),
    });
  });

  it('nothing where there is nothing', async () => {
    expect(await send([write('empty', '\n\n')])).toMatchObject({
      code: 0,
      stdout: 'There was nothing new to send.\n',
    });
  });
});

describe('send again', () => {
  it('sends only what is new in a file that grew', async () => {
    const file = write('growing', numberedLines(10));
    const args = [file, '--stream', 'growing', '--json'];
    expect(JSON.parse((await send(args)).stdout)).toMatchObject({ accepted: 10 });
    const again = await send(args);
    expect(JSON.parse(again.stdout)).toMatchObject({ accepted: 0 });
    expect(again.stderr).toMatch(/was sent on .* \(10 events\); looking for more in it/);
    appendFileSync(file, numberedLines(5, 10));
    expect(JSON.parse((await send(args)).stdout)).toMatchObject({ accepted: 5 });
    expect(await storedNumbers(appliance, 'growing')).toEqual({ events: 15, numbers: 15 });
  });

  it.each([
    ['another', (text: string) => text.replace('event 3', 'event X'), 'differs from what was sent'],
    ['shorter', (text: string) => text.slice(0, 300), 'is shorter than before'],
    ['unended', (text: string) => `${text}more`, 'goes on with a line that was sent without its end'],
  ])('refuses a file that is %s, unless it is to begin anew', async (stream, change, how) => {
    const text = numberedLines(10).trimEnd();
    const file = write(stream, text);
    await send([file, '--stream', stream]);
    writeFileSync(file, change(text));
    const refused = await send([file, '--stream', stream]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(how)]);
    expect((await send([file, '--stream', stream, '--restart', '--json'])).code).toBe(0);
  });

  it('sends a file again that did not change where that is wanted', async () => {
    const file = write('twice', numberedLines(10));
    await send([file, '--stream', 'twice']);
    await send([file, '--stream', 'twice', '--restart']);
    expect(await storedNumbers(appliance, 'twice')).toEqual({ events: 20, numbers: 10 });
  });

  it('goes on without a journal where none can be kept', async () => {
    const blocked = write('no-folder', '');
    const env = { XDG_STATE_HOME: blocked };
    const args = ['send', write('plain', numberedLines(3)), '--stream', 'plain'];
    const { code, stderr } = await runCommandLine(args, { server: appliance, env });
    expect([code, stderr]).toEqual([0, expect.stringContaining('can not be gone on with')]);
  });
});

describe('send ends with', () => {
  it('5 and the reasons where events went to quarantine', async () => {
    const file = write('bad', '{"message":"good"}\n{broken\n');
    const { code, stdout } = await send([file, '--stream', 'bad', '--wait']);
    expect([code, stdout]).toEqual([
      5,
      expect.stringMatching(/1 stored, 1 quarantined\n {2}not_json \(1 or more\): /),
    ]);
  });

  it('5 where the file breaks off, after what could be read', async () => {
    const gzip = gzipSync(numberedLines(50_000));
    const half = gzip.subarray(0, gzip.length / 2);
    const broken = await send([write('cut.gz', half), '--stream', 'cut']);
    expect([broken.code, broken.stderr]).toEqual([
      5,
      expect.stringMatching(/cut\.gz is damaged: unexpected end of file/),
    ]);
    const readable = gunzipSync(half, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    const lines = readable.split('\n').length - 1;
    expect(await storedNumbers(appliance, 'cut')).toEqual({ events: lines, numbers: lines });
    const open = await send([write('cut.json', '[{"message":"a"},\n{"mess'), '--stream', 'open']);
    expect([open.code, open.stderr]).toEqual([5, expect.stringContaining('ends within a value')]);
  });

  it('4 where the server refuses, in its words', async () => {
    const file = write('refused', '{"message":"x"}\n');
    const key = { ALLUVIUM_KEY: `alv_00000000_${'x'.repeat(43)}` };
    const wrong = await runCommandLine(['send', file], { server: appliance, env: key });
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('(unauthenticated)')]);
    expect(wrong.stderr).not.toContain('xxx');
    const parser = await send([write('words', 'some words\n'), '--parser', 'none-such']);
    expect([parser.code, parser.stderr]).toEqual([
      4,
      expect.stringContaining('There is no parser named "none-such"'),
    ]);
    const long = await send([write('long', `${'x'.repeat(2_000_000)}\n`)]);
    expect([long.code, long.stderr]).toEqual([4, expect.stringContaining('(line_too_long)')]);
  });

  it('3 where nothing listens', async () => {
    const env = { ALLUVIUM_URL: 'http://127.0.0.1:9', ALLUVIUM_KEY: 'alv_x' };
    const { code, stderr } = await runCommandLine(['send', write('unreached', 'x\n')], { env });
    expect([code, stderr]).toEqual([3, expect.stringContaining('nothing listens there')]);
  });

  it('2 where it is called wrongly', async () => {
    mkdirSync(join(folder, 'folder'), { recursive: true });
    const calls: (readonly [string[], string])[] = [
      [[join(folder, 'missing')], 'There is no file'],
      [[join(folder, 'folder')], 'is a folder'],
      [[write('binary', Buffer.from([1, 0, 2]))], 'is no text'],
      [['--form', 'xml', 'x'], "argument 'xml' is invalid"],
      [[write('p', '{"a":1}\n'), '--form', 'ndjson', '--parser', 'auto'], 'for which no parser is taken'],
    ];
    for (const [args, message] of calls) {
      const { code, stderr } = await send(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
