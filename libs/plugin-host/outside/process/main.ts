import type { ParserPlugin, Plugin } from '#plugin-kit';
import type { Outcome } from '../../outcome.js';
import { answerLines } from './answer-lines.js';
import { begin, type Started } from './begin.js';
import { readFrame, writeFrame } from './channel.js';
import { chooseParser } from './choose-parser.js';
import { declarationOf, encodeDeclared } from './declared.js';
import { enricherCalls } from './enricher-calls.js';
import { decodeQuestion, encodeAnswer } from './frames.js';
import { loadEntry } from './load-entry.js';
import { notifierCalls } from './notifier-calls.js';
import { serveCalls } from './serve-calls.js';
import { tierCalls } from './tier-calls.js';

/**
 * The process of one outside plugin: imports it, tells what it declares, and answers what it is asked, one after the
 * other, until the server closes the channel. Between questions it waits without turning its event loop: nothing of a
 * plugin may go on by itself.
 */
async function run({ entry, manifest }: Started): Promise<void> {
  const plugin = await loadEntry(entry, manifest);
  writeFrame(encodeDeclared(declared(plugin)));
  if (plugin.problems === undefined) await serve(plugin.value);
  // The server has closed the channel: whatever the plugin left behind (timers, sockets) ends with it.
  process.exit(0);
}

function declared(plugin: Outcome<Plugin>) {
  return plugin.problems ? plugin : declarationOf(plugin.value);
}

async function serve(plugin: Plugin): Promise<void> {
  if (plugin.kind === 'parser') serveLines(chooseParser(plugin));
  if (plugin.kind === 'enricher') await serveCalls(enricherCalls(plugin));
  if (plugin.kind === 'notifier') await serveCalls(notifierCalls(plugin));
  if (plugin.kind === 'tier' && 'units' in plugin) await serveCalls(tierCalls(plugin));
}

function serveLines(plugin: ParserPlugin | undefined): void {
  if (!plugin) return;
  for (let frame = readFrame(); frame; frame = readFrame())
    writeFrame(encodeAnswer(answerLines(plugin, decodeQuestion(frame))));
}

await run(begin());
