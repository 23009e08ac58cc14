const TRACKED_HANDLES = /^(TCP|UDP|Pipe|Process|FSEvent|StatWatcher|Worker)/;
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/**
 * Runs an import and says in words what it did besides: timers started, handles opened, listeners added to the process,
 * globals or environment variables changed. Empty where it had no effect.
 */
export async function effectsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const before = snapshot();
  const watch = watchTimers();
  try {
    await run();
  } finally {
    watch.restore();
  }
  return [...watch.started, ...changes(before, snapshot())];
}

/** What there is of each thing that can leak: a count, or a value. */
function snapshot(): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const key of Object.keys(globalThis)) found.set(`the global "${key}"`, true);
  for (const [name, value] of Object.entries(process.env))
    found.set(`the environment variable ${name}`, value);
  for (const event of process.eventNames())
    found.set(`listeners of the process for "${String(event)}"`, process.listenerCount(event));
  for (const handle of process.getActiveResourcesInfo().filter((name) => TRACKED_HANDLES.test(name)))
    found.set(`open handles of type ${handle}`, Number(found.get(`open handles of type ${handle}`) ?? 0) + 1);
  return found;
}

function changes(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
}

function watchTimers(): { readonly started: string[]; restore(): void } {
  const started: string[] = [];
  const originals = TIMERS.map((name) => [name, globalThis[name]] as const);
  for (const [name, original] of originals) {
    const watched = new Proxy(original, {
      apply(target, self, args) {
        started.push(`a call of ${name}`);
        return Reflect.apply(target, self, args);
      },
    });
    Object.assign(globalThis, { [name]: watched });
  }
  return { started, restore: () => Object.assign(globalThis, Object.fromEntries(originals)) };
}
