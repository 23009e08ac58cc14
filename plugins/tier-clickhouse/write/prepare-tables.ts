import { TierError, type StreamSpec, type TierTurn } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { replaceLeft } from '../rewrite/swap.js';
import { rebuildDay, wrongDays } from '../roll-ups.js';
import { tableNames } from '../schema/names.js';
import { layoutOf, renderOpening, renderTables, renderUpgrade, selectLayout } from '../schema/tables.js';

export interface PrepareContext {
  readonly engine: Engine;
  readonly reach: (faultPoint: string) => void;
  /** Tables that are there are left as they are: another process writes. */
  readonly asksOnly?: boolean;
  /** Where it is another process's, tables that are there are brought to what is declared by that. */
  readonly turn?: Pick<TierTurn, 'isOurs'>;
}

/**
 * Makes a stream's tables, or brings those that are there to what its type declares by now; what was broken off is begun
 * again, since tables are open for events only when all else is done. So is the swap of a part that was read anew. Nothing may be
 * inserted meanwhile.
 */
export async function prepareTables(context: PrepareContext, stream: StreamSpec): Promise<void> {
  const { engine } = context;
  const found = await engine.run(selectLayout(stream), { lane: 'write' });
  const tables = new Map(
    found.rows<{ name: string; comment: string }>().map((row) => [row.name, row.comment]),
  );
  if (context.asksOnly && tables.has(`stream.${stream.name}`)) return;
  if (tables.has(`stream.${stream.name}`) && context.turn?.isOurs() === false)
    return refuseOlder(stream, tables.get(`parse.${stream.name}`), layoutOf(stream));
  const names = tableNames(stream.tenant, stream.name);
  const left = tables.has(`swap.${stream.name}`)
    ? await replaceLeft(engine, { stream: names.stream, copy: names.swap })
    : undefined;
  if (tables.get(`parse.${stream.name}`) !== layoutOf(stream)) await makeTables(context, stream, tables);
  if (!left) return;
  for (const day of left) await rebuildDay(engine, stream, day);
  await engine.run(`DROP TABLE ${names.swap}`, { lane: 'write' });
}

/** Its writer tries again until they are. */
function refuseOlder({ name }: StreamSpec, found: string | undefined, expected: string): void {
  if (found === expected) return;
  throw new TierError(
    'unavailable',
    `The tables of ${name} are being brought to a new version by another process.`,
  );
}

async function makeTables(
  context: PrepareContext,
  stream: StreamSpec,
  tables: ReadonlyMap<string, string>,
): Promise<void> {
  const { engine } = context;
  const isNew = !tables.has(`stream.${stream.name}`);
  if (!isNew) await runAll(engine, renderUpgrade(stream));
  context.reach('tier.tables-closed');
  await runAll(engine, renderTables(stream));
  context.reach('tier.tables-made');
  if (!isNew) await fillRollUps(engine, stream);
  context.reach('tier.roll-ups-filled');
  await runAll(engine, [renderOpening(stream)]);
}

/** A roll-up that is new has nothing of the events that were there before it. */
async function fillRollUps(engine: Engine, stream: StreamSpec): Promise<void> {
  for (const day of await wrongDays(engine, stream)) await rebuildDay(engine, stream, day);
}

async function runAll(engine: Engine, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await engine.run(statement, { lane: 'write' });
}
