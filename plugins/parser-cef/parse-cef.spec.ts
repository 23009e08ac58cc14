import { describe, expect, it } from 'vitest';
import { confidenceOf, CONTEXT, eventOf, HEAD, parse } from './testing/parse-line.js';

describe('a header of CEF', () => {
  it('has its escapes undone and its spaces kept', () => {
    expect(eventOf('CEF:26|a\\|b|c\\\\|d=e| f |\\|g\\x|10|')).toMatchObject({
      'cef.version': 26,
      'cef.device_vendor': 'a|b',
      'cef.device_product': 'c\\',
      'cef.device_version': 'd=e',
      'cef.device_event_class_id': ' f ',
      'cef.name': '|g\\x',
      'cef.severity': 10,
    });
  });

  it.each([
    'CEF: 0|Example|Sensor|1.0|100|x|5|',
    'CEF:0.1|Example|Sensor|1.0|100|x|5|',
    `<14>${HEAD}`,
    `\ufeff${HEAD}`,
    `${HEAD}src=1.1.1.1`,
  ])('%s is taken', (line) => {
    expect(confidenceOf(line)).toBe('full');
  });

  it.each([
    'CEF:0||Sensor|1.0|100|x|5|',
    'CEF:0|||||||a=',
    'CEF:0|Example|Sensor|1.0|100|x| |',
    'CEF:0|Example|Sensor|1.0|100|x|Very-High',
    'CEF:0|Example|Mgmt|activityID=1 siteName=None accountName=foo bar',
    `Syslogdate Sysloghost ${HEAD}`,
  ])('%s is taken in part', (line) => {
    expect(confidenceOf(line)).toBe('partial');
  });

  it.each([
    ['unparsable line', 'not_cef'],
    ['CEF:', 'not_cef'],
    ['CEF:x|a|b|c|d|e|f|', 'not_cef'],
    ['BAD_CEF:0|a|b|c|d|e|f|', 'not_cef'],
    [`${'x'.repeat(5_000)} ${HEAD}`, 'not_cef'],
    ['CEF:0|', 'bad_header'],
    ['CEF:0|Example|Sensor|', 'bad_header'],
    ['CEF:0|Example|Sensor|1.0|100|x|', 'bad_header'],
    ['CEF:0|Example|Sensor|1.0 words a=1', 'bad_header'],
    ['CEF:0|a|b|c|d|e|a severity as long as a sentence', 'bad_header'],
  ])('%s is refused: %s', (line, reason) => {
    expect(parse(line)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('an event of CEF', () => {
  it.each([
    [`${HEAD}rt=1543270652000 end=1 start=2`, '2018-11-26T22:17:32.000Z'],
    [`${HEAD}end=Nov 08 2020 12:31:00 EST start=1543270652000`, '2020-11-08T12:31:00-05:00'],
    [`${HEAD}rt=%TIME% start=1543270652000`, '2018-11-26T22:17:32.000Z'],
    [`${HEAD}rt=Jul 19 2017 10:50:21.127 dtz=Europe/Moscow`, '2017-07-19T10:50:21.127+03:00'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 dtz=GMT+02:00`, '2017-07-19T10:50:21+02:00'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 UTC dtz=Europe/Moscow`, '2017-07-19T10:50:21Z'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 dtz=Mars/Base`, '2017-07-19T10:50:21Z'],
    [`${HEAD}rt=2025-06-29T23:35:00Z`, '2025-06-29T23:35:00Z'],
    [`<14>Oct 11 22:14:15 fw1 ${HEAD}rt=Dec 31 23:59:59`, '2025-12-31T23:59:59Z'],
    [`<14>Oct 11 22:14:15 fw1 ${HEAD}`, '2026-10-11T22:14:15Z'],
    [HEAD, undefined],
  ])('%s happened at %s', (line, timestamp) => {
    expect(eventOf(line)['timestamp']).toBe(timestamp);
  });

  it('has times without a zone in the zone of its source', () => {
    const zoned = parse(`${HEAD}rt=Jul 19 2017 10:50:21`, {
      ...CONTEXT,
      zone: 'America/New_York',
    });
    expect(zoned).toMatchObject({ event: { timestamp: '2017-07-19T10:50:21-04:00' } });
    expect(zoned).not.toHaveProperty('warnings');
  });

  it('is warned of what was assumed, and is full all the same', () => {
    expect(parse(`${HEAD}rt=Jul 19 10:50:21`)).toMatchObject({
      warnings: [expect.stringContaining('no year'), expect.stringContaining('no zone')],
    });
    expect(parse(`${HEAD}rt=soon`)).toMatchObject({ warnings: [expect.stringContaining('rt is no time')] });
    expect(confidenceOf(`${HEAD}rt=soon`)).toBe('full');
  });

  it('has a level by its severity, else by the priority', () => {
    const levelOf = (severity: string): unknown => eventOf(`<11>CEF:0|a|b|c|d|e|${severity}|`)['level'];
    expect(['0', '6', 'high', 'Very-High', 'Unknown', ''].map(levelOf)).toEqual([
      'info',
      'warning',
      'error',
      'critical',
      'error',
      'error',
    ]);
  });

  it('has host, service and message by what is there', () => {
    expect(eventOf(`${HEAD}dvc=10.0.0.1 dvchost=d1 msg=hello`)).toMatchObject({
      host: 'd1',
      service: 'Sensor',
      message: 'hello',
    });
    expect(eventOf(`Oct 11 22:14:15 fw1 app[7]: ${HEAD}dvchost=d1`)).toMatchObject({
      host: 'fw1',
      service: 'app',
      message: 'worm stopped',
      'syslog.procid': '7',
    });
    expect(eventOf(`Syslogdate Sysloghost ${HEAD}words src=1.1.1.1`)).toMatchObject({
      message: 'worm stopped words Syslogdate Sysloghost',
    });
  });
});

describe('hostile bytes', () => {
  it('are read with replacements where they are no UTF-8, and NUL is a character', () => {
    const line = Buffer.from(`${HEAD}msg=caf\u00e9 a\u0000b=1 src=\u0000`, 'latin1');
    expect(eventOf(line)).toMatchObject({ 'cef.ext.msg': 'caf\ufffd a\u0000b=1', 'cef.ext.src': '\u0000' });
    expect(parse(line)).toMatchObject({ confidence: 'partial' });
    expect(confidenceOf(`${HEAD}msg=\ufffd`)).toBe('full');
  });

  it.each(['a', ' ', '=', '\\', '|', '\\=', 'a=', ' a=', 'a= ', '\t', 'k=v ', 'cs1Label=a cs1=', ' =', '["'])(
    'are read, a megabyte of %j too',
    (piece) => {
      const long = (size: number): Uint8Array => Buffer.from(HEAD + piece.repeat(size / piece.length));
      expect(parse(long(1_000_000)).kind).toBe('event');
      const cut = Buffer.from(`CEF:0|${piece.repeat(1_000_000 / piece.length)}`);
      expect(parse(cut).kind).toMatch(/event|refused/);
    },
  );

  it('cut anywhere are answered', () => {
    const whole = `<14>Oct 11 22:14:15 fw1 ${HEAD}rt=1543270652000 cs1=a\\=b cs1Label=Host ID`;
    for (let end = 0; end <= whole.length; end += 1) expect(() => parse(whole.slice(0, end))).not.toThrow();
  });
});
