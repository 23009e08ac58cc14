import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { INSTALL_MS, startBrowser } from '../support/start-browser.js';
import { HOSTILE_EVENTS } from './hostile-events.js';
import { watchPage, type PageWatch } from './watch-page.js';

/** Where pictures of the page are put, to be looked at; none where it isn't set. */
const PICTURES = process.env['ALLUVIUM_PICTURES'];
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };

/** Pixels that the page is wider than its window. */
const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

let appliance: Appliance;
let api: ApiClient;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let watch: PageWatch;

beforeAll(async () => {
  [appliance, browser] = await Promise.all([startAppliance(), startBrowser()]);
  api = new ApiClient(appliance);
  for (const stream of ['web', 'hostile']) await api.createStream(stream, 'service-log');
}, INSTALL_MS);
afterAll(async () => {
  await browser?.close();
  await appliance?.dispose();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: WIDE, bypassCSP: false });
  page = await context.newPage();
  watch = await watchPage(page);
});
afterEach(async () => {
  const wrong = await watch.found();
  await context.close();
  if (wrong.length > 0) throw new Error(`The page did what it must not:\n${wrong.join('\n')}`);
});

const send = (stream: string, events: readonly object[]) =>
  api.send(stream, Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')), {
    prefer: 'wait=30',
  });

async function enter(key = appliance.adminKey): Promise<void> {
  await page.goto(appliance.url);
  await page.fill('#key', key);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#search:not([hidden])');
}

/** Searches, and answers with what the status line says then. */
async function search(query: string): Promise<string> {
  await page.fill('#query', query);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.textContent('#status')).toMatch(/event|^$/);
  return (await page.textContent('#status')) ?? '';
}

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** What axe finds, with light and with dark colours. */
async function violations(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await watch.runAxe(axe.source)).map((violation) => `${colorScheme}: ${violation}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

describe('the page', () => {
  it('is small, asks for a key first, keeps it in the tab alone, and says what is wrong with a wrong one', async () => {
    await page.goto(appliance.url);
    await expect.poll(() => page.textContent('#health')).toBe('Up');
    expect(watch.transferred()).toBeLessThan(150 * 1024);
    expect(await violations()).toEqual([]);
    await picture('key');
    await page.fill('#key', 'alv_aaaaaaaa_wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem-mend')).toContain('Authorization');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    watch.forgive(/401/);
    await enter();
    expect(page.url()).toBe(`${appliance.url}/`);
    const kept = await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie]');
    expect(kept).toEqual([1, 0, '']);
    await page.reload();
    await page.waitForSelector('#search:not([hidden])');
    await page.click('#forget-key');
    expect(await page.isVisible('#key-form')).toBe(true);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('says so where there is nothing', async () => {
    await enter();
    expect(await search('service:nobody')).toContain('0 events');
    expect(await page.isVisible('#none')).toBe(true);
    expect(await violations()).toEqual([]);
    await picture('none');
  });

  it('shows the newest 200, a histogram, and one event with its fields, its bytes and its neighbours', async () => {
    const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR'];
    const events = Array.from({ length: 3_000 }, (_, n) => ({
      timestamp: new Date(Date.now() - 1_000 * n).toISOString(),
      ...{ level: levels[n % 5], service: `checkout-${n % 4}`, host: `web-${n % 3}`, n },
      message: `GET /api/orders/${n} done in ${n % 97} ms with 200`,
    }));
    await send('web', events);
    await api.send('web', Buffer.from('no json\n'), { prefer: 'wait=30' });
    await enter();
    expect(await search('stream:web')).toMatch(/^The newest 200 of (at least )?3,000 events, in \d+ ms$/);
    await expect.poll(() => page.textContent('#quarantine')).toMatch(/^[\d,]+ in quarantine$/);
    expect(await page.locator('#rows > li').count()).toBe(200);
    expect(await page.locator('#histogram rect').count()).toBeGreaterThan(20);
    expect(await page.getAttribute('#histogram', 'aria-label')).toMatch(/^Events from .* at most in 30s$/);
    expect(await violations()).toEqual([]);
    await picture('events');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('events-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    await page.locator('#rows button').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#detail[open] pre');
    expect(await page.textContent('#detail-body')).toContain('GET /api/orders/1 done');
    expect(await violations()).toEqual([]);
    await picture('detail');
    await page.click('#detail-context');
    await page.waitForSelector('#detail li[aria-current]');
    expect(await page.locator('#detail li').count()).toBe(12);
    expect(await violations()).toEqual([]);
    await picture('context');
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#detail')).toBe(false);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BUTTON');

    await page.locator('#rows button').nth(4).click();
    await page.click('#detail dd button[aria-label="Only these: level"]');
    await expect.poll(() => page.inputValue('#query')).toBe('(stream:web) AND level:ERROR');
    await expect.poll(() => page.textContent('#status')).toContain('600 events');
    await page.locator('#histogram rect').first().click();
    await expect.poll(() => page.inputValue('#range')).toBe('absolute');
    await expect.poll(() => page.textContent('#status')).toMatch(/^\d+ events?, in/);
  });

  it('says where a query is wrong and how to mend it', async () => {
    await enter();
    await page.fill('#query', 'level:(');
    await page.click('#search-button');
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toMatch(/query can not be read.*Write a value/s);
    expect(await violations()).toEqual([]);
    await picture('problem');
    await search('');
    expect(await page.isHidden('#problem')).toBe(true);
    watch.forgive(/400/);
  });

  it('shows hostile texts as text, and what would not be seen by its name', async () => {
    await send('hostile', HOSTILE_EVENTS);
    await enter();
    await search('stream:hostile');
    const text = (await page.textContent('#rows')) ?? '';
    expect(text).toContain('<script>window.hit=1</script>');
    expect(text).toContain('<img src=x onerror=window.hit=1>');
    expect(text).toContain('\\e[31mred\\e[0m');
    expect(text).toContain('invoice\\u202egpj.exe');
    expect(text).not.toMatch(/[\u0000-\u001f\u202e\u2066]/);
    await picture('hostile');
    for (let n = 0; n < HOSTILE_EVENTS.length; n += 1) {
      await page.locator('#rows button').nth(n).click();
      await page.waitForSelector('#detail[open] pre');
      if (n === 0) await picture('hostile-detail');
      expect(await page.locator('#detail :is(script, img, iframe, a, style, form)').count()).toBe(0);
      await page.click('#detail-close');
    }
    expect(await page.locator('#rows :is(script, img, iframe, a, style, form)').count()).toBe(0);
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await violations()).toEqual([]);
  });

  it('fits a narrow window, without scrolling sideways', async () => {
    await page.setViewportSize(NARROW);
    await enter();
    await search('stream:hostile OR stream:web');
    const sideways = () => page.evaluate(SIDEWAYS);
    expect(await sideways()).toBe(0);
    await page.selectOption('#range', 'absolute');
    expect(await sideways()).toBe(0);
    expect(await violations()).toEqual([]);
    await picture('narrow');
    await page.locator('#rows button').first().click();
    await page.waitForSelector('#detail[open] pre');
    expect(await sideways()).toBe(0);
    expect(await violations()).toEqual([]);
    await picture('narrow-detail');
  });

  it('follows events as they are stored, as many as it has rows for', async () => {
    await enter();
    await page.fill('#query', 'service:live');
    await page.click('#live');
    await expect.poll(() => page.textContent('#status')).toContain('Following');
    await page.waitForTimeout(300);
    await send('web', [
      { service: 'live', message: 'first' },
      { service: 'other', message: 'not this' },
    ]);
    await expect.poll(() => page.locator('#rows > li').count()).toBe(1);
    await send(
      'web',
      Array.from({ length: 5_000 }, (_, n) => ({ service: 'live', message: `live ${n}` })),
    );
    await expect.poll(() => page.textContent('#status'), { timeout: 20_000 }).toContain('5,001 came');
    expect(await page.locator('#rows > li').count()).toBe(200);
    expect(await page.locator('#rows .message').first().textContent()).toBe('live 4999');
    expect(await page.getAttribute('#live', 'aria-pressed')).toBe('true');
    expect(await violations()).toEqual([]);
    await picture('live');
    await page.click('#live');
    await expect.poll(() => page.textContent('#status')).toMatch(/5,001 events, in/);
    await expect.poll(() => api.metrics()).toMatch(/^alluvium_tails 0$/m);
  });
});
