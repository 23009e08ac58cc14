import type { CDPSession, Page } from 'playwright-core';

/** What a page did while it was watched. */
export interface PageWatch {
  /** Bytes that came over the wire. */
  transferred(): number;
  /** What axe finds now. */
  runAxe(source: string): Promise<string[]>;
  /** Lets errors that a test asked for pass. */
  forgive(errors: RegExp): void;
  /** Breaches of the page's policy, errors in its console, dialogs that it opened. */
  found(): Promise<readonly string[]>;
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Runs in the page before any of its own scripts. */
const NOTE_BREACHES = `window.policyBreaches = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  window.policyBreaches.push(violatedDirective + ' ' + blockedURI));`;

/** Watches a page from before its first load. */
export async function watchPage(page: Page): Promise<PageWatch> {
  const [errors, dialogs, forgiven]: [string[], string[], RegExp[]] = [[], [], []];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript({ content: NOTE_BREACHES });
  const wire = await page.context().newCDPSession(page);
  const bytes = await countBytes(wire);
  return {
    transferred: bytes,
    runAxe: (source) => runAxe(page, source),
    forgive: (pattern) => void forgiven.push(pattern),
    found: async () => [
      ...((await page.evaluate('window.policyBreaches')) as string[]),
      ...errors.filter((text) => !forgiven.some((pattern) => pattern.test(text))),
      ...dialogs,
    ],
  };
}

async function countBytes(wire: CDPSession): Promise<() => number> {
  let sum = 0;
  await wire.send('Network.enable');
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => (sum += encodedDataLength));
  return () => sum;
}

/** By the debugger, whose scripts the page's policy doesn't hold. */
async function runAxe(page: Page, source: string): Promise<string[]> {
  await page.evaluate(source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' ')}`);
}
