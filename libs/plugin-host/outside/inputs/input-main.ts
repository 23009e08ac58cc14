import { Socket } from 'node:net';
import { InputStartError, type Input, type InputPlugin } from '#plugin-kit';
import { begin, type Started } from '../process/begin.js';
import { loadEntry } from '../process/load-entry.js';
import { ChildContext } from './child-context.js';
import { inWords, type InputAsked, type InputTold } from './input-messages.js';
import { MessagePipe } from './message-pipe.js';

/** The descriptor that the server and this process talk over. */
const CHANNEL = new Socket({ fd: 3 }).once('close', () => process.exit(0));

let took: (asked: InputAsked) => void = () => {};
const pipe = new MessagePipe(CHANNEL, {
  took: (asked) => took(asked as InputAsked),
  failed: () => process.exit(0),
});

/** The process of one input of an outside plugin: what it throws ends it, and the server starts another. */
async function run({ entry, manifest }: Started): Promise<void> {
  const plugin = await loadEntry(entry, manifest);
  if (plugin.problems)
    return tell({
      kind: 'problems',
      problems: plugin.problems.map(({ what, mend }) => ({ what: inWords(what), mend: inWords(mend) })),
    });
  serve(plugin.value as InputPlugin);
  tell({ kind: 'ready' });
}

function serve({ input: declared }: InputPlugin): void {
  const context = new ChildContext(tell);
  let input: Input | undefined;
  took = (asked) => {
    if (asked.kind === 'ping') tell({ kind: 'pong' });
    else if (asked.kind === 'stop') void stop(input);
    else if (asked.kind !== 'start') context.answered(asked);
    else void start(() => (input = declared.create(context.contextOf(asked))));
  };
}

async function start(create: () => Input): Promise<void> {
  try {
    const addresses = await create().start();
    tell({
      kind: 'started',
      addresses: addresses.map(({ transport, host, port }) => ({ transport, host, port })),
    });
  } catch (error) {
    const message = inWords(error instanceof Error ? error.message : String(error));
    const mend = error instanceof InputStartError ? { mend: inWords(error.mend) } : {};
    tell({ kind: 'not-started', message, ...mend });
  }
}

async function stop(input: Input | undefined): Promise<void> {
  await input?.stop();
  tell({ kind: 'stopped' });
}

function tell(message: InputTold): void {
  pipe.send(message);
}

await run(begin());
