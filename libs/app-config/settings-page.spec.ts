import { describe, expect, it } from 'vitest';
import { loadSettings, describeSettings, renderSettingsPage } from '#app-config';

describe('the reference page', () => {
  const page = renderSettingsPage();

  it('has a row for each setting', () => {
    const names = describeSettings(loadSettings({ env: {}, readText: () => '' })).map(({ env }) => env);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(page).toContain(`| \`${name}\` |`);
  });

  it('shows placeholders as they are in code, and as text elsewhere', () => {
    expect(page).toContain('`<data>/admin.key`');
    expect(page).toContain('alv_&lt;8 of a-z0-9>');
  });

  it('has as many cells in each row as in the head', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  });
});
