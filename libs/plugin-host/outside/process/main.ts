import { Worker } from 'node:worker_threads';
import type { ParserPlugin, Plugin, PluginManifest } from '#plugin-kit';
import type { Outcome } from '../../outcome.js';
import { answerLines } from './answer-lines.js';
import { readFrame, writeFrame } from './channel.js';
import { declarationOf, encodeDeclared } from './declared.js';
import { decodeQuestion, encodeAnswer } from './frames.js';
import { loadEntry } from './load-entry.js';

/**
 * The process of one outside plugin: imports it, tells what it declares, and answers questions about lines one after the
 * other until the server closes the channel. Between questions it waits without turning its event loop: a parser is a
 * function, nothing of it may go on by itself.
 */
async function run(entry: string, manifest: PluginManifest, memoryBytes: number): Promise<void> {
  new Worker(new URL('./watcher.js', import.meta.url), {
    workerData: { parent: process.ppid, memoryBytes },
    env: {},
  }).unref();
  const plugin = await loadEntry(entry, manifest);
  writeFrame(encodeDeclared(declared(plugin)));
  if (plugin.problems === undefined && plugin.value.kind === 'parser') serve(plugin.value);
  // The server has closed the channel: whatever the plugin left behind (timers, sockets) ends with it.
  process.exit(0);
}

function declared(plugin: Outcome<Plugin>) {
  return plugin.problems ? plugin : declarationOf(plugin.value);
}

function serve(plugin: ParserPlugin): void {
  for (let frame = readFrame(); frame; frame = readFrame())
    writeFrame(encodeAnswer(answerLines(plugin, decodeQuestion(frame))));
}

const [entry = '', manifest = '{}', memoryBytes = '0'] = process.argv.slice(2);
await run(entry, JSON.parse(manifest) as PluginManifest, Number(memoryBytes));
