import { once } from 'node:events';

/** Writes a result; resolves when whoever reads it may have more, so that nothing piles up here. */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Whether colours may be used: on a terminal, unless NO_COLOR is set (no-color.org). */
export function mayColour(
  screen: { readonly isTTY?: boolean } = process.stdout,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return screen.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
