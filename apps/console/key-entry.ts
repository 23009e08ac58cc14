import { byId } from './dom.js';

/** Where the key is kept: in this tab alone, never in the address. */
const NAME = 'alluvium.key';

/** The key that was entered in this tab; undefined where there is none. */
export function keptKey(): string | undefined {
  return sessionStorage.getItem(NAME) ?? undefined;
}

/** Forgets the key. */
export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
}

/** Calls `use` with each key that is entered. */
export function watchKeyForm(use: (key: string) => void): void {
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const field = byId<HTMLInputElement>('key');
    const key = field.value.trim();
    field.value = '';
    if (key === '') return;
    sessionStorage.setItem(NAME, key);
    use(key);
  });
}

/** Shows either the form for a key, or the search. */
export function showKeyForm(isShown: boolean): void {
  byId('key-form').hidden = !isShown;
  byId('search').hidden = isShown;
  byId('forget-key').hidden = isShown;
  byId(isShown ? 'key' : 'query').focus();
}
