import type { InputRunner } from './input-runner.js';
import type { InputSummary, ShownInput } from './inputs.schema.js';

/** An input as lists show it. */
export function summaryOf({ record, state, addresses, trouble, counters }: InputRunner): InputSummary {
  const { name, kind, enabled, from, created_at, updated_at } = record;
  const { messages, bytes, refused, truncated, blank, connections } = counters;
  const dropped = Object.fromEntries(counters.dropped);
  return {
    ...{ name, kind, state, enabled, from },
    listens: addresses.map((address) => ({ ...address })),
    ...(trouble && { last_error: { ...trouble } }),
    counters: { messages, bytes, refused, dropped, truncated, blank, connections },
    ...{ created_at, updated_at },
  };
}

/** All of an input. Paths of keys are shown, never what is in the files. */
export function shownInput(runner: InputRunner): ShownInput {
  const { record, counters, newest } = runner;
  return {
    ...summaryOf(runner),
    options: { ...runner.optionsInForce },
    sources: record.sources.map((rule) => ({ ...rule })),
    senders: [...counters.senders.list()],
    refused_senders: [...counters.refusedSenders.list()],
    newest: [...newest.list()],
  };
}
