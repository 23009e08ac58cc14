import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGuidePage } from './guide-page.js';

const GUIDES = join(import.meta.dirname, '../../docs/guide');

/** The page of each kind that `alluvium plugin new` makes; its commands are run by plugin-guides.e2e.spec.ts. */
const PAGES = {
  parser: 'plugins.md',
  'event-type': 'plugin-event-type.md',
  input: 'plugin-input.md',
  enricher: 'plugin-enricher.md',
  notifier: 'plugin-notifier.md',
  tier: 'plugin-tier.md',
};

/** By what its reader sees that it works, where that isn't an event that is found. */
const WORKS: Readonly<Record<string, RegExp>> = { notifier: /until grep .* told\.ndjson/ };

/** What a guide takes its reader through, in this order. */
const STEPS = (kind: string): readonly RegExp[] => [
  new RegExp(`alluvium plugin new ${kind} [\\w-]+ --dir "\\$PLUGINS"`),
  /npm test/,
  /alluvium plugin check /,
  /alluvium plugin trust /,
  /ALLUVIUM_PLUGINS_DIR=\$PLUGINS alluvium start/,
  WORKS[kind] ?? /api\/v1\/logs/,
  /alluvium plugin trust .* --withdraw/,
];

describe('the guide of each kind of plugin', () => {
  it.each(Object.entries(PAGES))(
    '%s goes from a new folder to what shows that it works, and away again',
    async (kind, file) => {
      const page = readGuidePage(await readFile(join(GUIDES, file), 'utf8'));
      const script = page.runs.map(({ text }) => text).join('\n');
      let from = 0;
      for (const step of STEPS(kind)) {
        const found = step.exec(script.slice(from));
        expect({ step, found: found !== null }).toEqual({ step, found: true });
        from += found?.index ?? 0;
      }
    },
  );

  it('is there for each kind that can be made', async () => {
    const templates = await readFile(
      join(GUIDES, '../../apps/cli/commands/plugin/templates/templates.ts'),
      'utf8',
    );
    const kinds = [...templates.matchAll(/^ {2}\['([a-z-]+)', \{/gm)].map(([, kind]) => kind);
    expect(kinds.toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });
});
