/** Waits for something, but no longer than so many milliseconds. */
export async function within(awaited: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}
