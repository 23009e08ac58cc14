import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alluvium-counts-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly broken?: number;
  readonly success?: boolean;
}

function report(step: string, suite: string, { passed, failed, broken = 0, success }: Report) {
  mkdirSync(join(folder, step), { recursive: true });
  const testResults = Array.from({ length: broken }, () => ({
    status: 'failed',
    assertionResults: [{ status: 'skipped' }],
  }));
  const counts = { numPassedTests: passed, numFailedTests: failed, testResults };
  const text = JSON.stringify({ ...counts, success: success ?? failed + broken === 0 });
  writeFileSync(join(folder, step, `${suite}.json`), text);
}

function count(...steps: string[]) {
  const { status, stdout } = spawnSync(process.execPath, ['tools/count-tests.mjs', folder, ...steps]);
  lines = stdout.toString().split('\n');
  return { status, last: stdout.toString().trimEnd().split('\n').at(-1) };
}

it('adds up the suites of all steps', () => {
  report('readme', 'unit', { passed: 5, failed: 0 });
  report('readme', 'e2e', { passed: 2, failed: 0 });
  report('lts', 'unit', { passed: 5, failed: 0 });
  expect(count('readme=0', 'check=0', 'lts=0')).toEqual({ status: 0, last: '12 passed, 0 failed' });
});

it('counts a failed test once, not its step too', () => {
  report('readme', 'unit', { passed: 5, failed: 2 });
  expect(count('readme=1')).toEqual({ status: 1, last: '5 passed, 2 failed' });
});

it('counts a step that failed without tests', () => {
  report('readme', 'unit', { passed: 5, failed: 0 });
  expect(count('readme=0', 'check=2')).toEqual({ status: 1, last: '5 passed, 1 failed' });
});

it('counts a step whose tests passed but which failed', () => {
  report('readme', 'unit', { passed: 5, failed: 0 });
  expect(count('readme=137')).toEqual({ status: 1, last: '5 passed, 1 failed' });
});

it('counts a file whose preparation failed, and a run that failed outside its tests', () => {
  report('readme', 'unit', { passed: 5, failed: 0, broken: 1 });
  report('readme', 'e2e', { passed: 1, failed: 0, success: false });
  expect(count('readme=1')).toEqual({ status: 1, last: '6 passed, 2 failed' });
});

it('names each failed test again, with its error', () => {
  const failed = { status: 'failed', fullName: 'the cup holds tea', failureMessages: ['expected tea'] };
  const testResults = [{ name: 'cup.spec.ts', status: 'failed', assertionResults: [failed] }];
  const text = JSON.stringify({ numPassedTests: 0, numFailedTests: 1, testResults, success: false });
  mkdirSync(join(folder, 'test'));
  writeFileSync(join(folder, 'test', 'unit.json'), text);
  expect(count('test=1')).toEqual({ status: 1, last: '0 passed, 1 failed' });
  const at = lines.indexOf('FAILED in test: cup.spec.ts > the cup holds tea');
  expect(lines[at + 1]).toBe('expected tea');
});

it('names the files that took longest, the slowest first', () => {
  const file = (name: string, ms: number) => ({ name, startTime: 1, endTime: 1 + ms, assertionResults: [] });
  mkdirSync(join(folder, 'readme'));
  const testResults = [file('quick.spec.ts', 900), file('cup.spec.ts', 2_000), file('pot.spec.ts', 30_400)];
  const counts = { numPassedTests: 1, numFailedTests: 0, testResults, success: true };
  writeFileSync(join(folder, 'readme', 'unit.json'), JSON.stringify(counts));
  count('readme=0');
  expect(lines.slice(0, 2)).toEqual(['30 s in pot.spec.ts', '2 s in cup.spec.ts']);
  expect(lines.join('\n')).not.toContain('quick');
});
