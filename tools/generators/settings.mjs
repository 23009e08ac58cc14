import { renderSettingsPage } from '#app-config';

/** The reference page of all settings. */
export async function generate() {
  return [{ path: 'docs/reference/settings.md', text: renderSettingsPage() }];
}
