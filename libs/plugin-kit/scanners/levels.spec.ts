import { describe, expect, it } from 'vitest';
import { severityNumber } from '#event-model';
import { levelOfNumber, levelOfRisk, SYSLOG_LEVELS, type LevelScale } from '#plugin-kit';

describe('a level', () => {
  it.each([
    ['0', 'info'],
    ['3', 'info'],
    ['4', 'warning'],
    ['6', 'warning'],
    ['7', 'error'],
    ['8', 'error'],
    ['9', 'critical'],
    ['10', 'critical'],
    [' 10 ', 'critical'],
    ['5.5', 'warning'],
    ['Low', 'info'],
    ['Medium', 'warning'],
    ['HIGH', 'error'],
    ['Very-High', 'critical'],
    ['very high', 'critical'],
    ['Critical', 'critical'],
    ['Warn', 'warn'],
    ['11', undefined],
    ['-1', undefined],
    ['Unknown', undefined],
    ['', undefined],
    [' ', undefined],
    ['%SEVERITY%', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
  ])('of a device that says %j is %s', (severity, level) => {
    expect(levelOfRisk(severity)).toBe(level);
  });

  it.each<[LevelScale, number, string | undefined]>([
    ['syslog', 0, 'emergency'],
    ['syslog', 7, 'debug'],
    ['syslog', 8, undefined],
    ['pino', 30, 'info'],
    ['pino', 60, 'fatal'],
    ['python', 30, 'warning'],
    ['python', 60, undefined],
  ])('of %s with the number %d is %s', (scale, value, level) => {
    expect(levelOfNumber(value, scale)).toBe(level);
  });

  it('is a word that filters know', () => {
    for (const level of SYSLOG_LEVELS) expect(severityNumber(level)).toBeGreaterThan(0);
    for (const severity of ['low', 'medium', 'high', 'very-high'])
      expect(severityNumber(levelOfRisk(severity) ?? '')).toBeGreaterThan(0);
  });
});
