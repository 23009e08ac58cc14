import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptUnit, UnitTier, UnitTierDeclaration } from '#plugin-kit';

/** A tier of units under test. */
export interface UnitTierHarness {
  readonly units: UnitTierDeclaration;
  /** Options that it works with. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Which sentence of the contract a case holds a tier to. */
export type UnitTierPromise = 'same' | 'apart' | 'again' | 'missing' | 'remove' | 'durable' | 'whole';

export interface UnitTierCase {
  readonly promise: UnitTierPromise;
  readonly name: string;
  /** Throws where the promise is broken. */
  run(scene: UnitTierScene): Promise<void>;
}

/** A tier over a directory of its own. */
export interface UnitTierScene {
  readonly tier: UnitTier;
  /** Another one over the same directory, as a process beside it has. */
  beside(): UnitTier;
  /** One over what the directory has at this moment, as after a loss of power. */
  afterwards(): Promise<UnitTier>;
}

/** Runs a case, whatever comes of it, in a directory that goes with it. */
export async function runUnitTierCase(
  testCase: UnitTierCase,
  { units, options }: UnitTierHarness,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'alluvium-tier-'));
  const make = (directory: string): UnitTier => units.create({ options, directory });
  let copies = 0;
  const directory = await mkdtemp(join(root, 'tier-'));
  try {
    await testCase.run({
      tier: make(directory),
      beside: () => make(directory),
      afterwards: async () => {
        const copy = join(root, `copy-${(copies += 1)}`);
        await cp(directory, copy, { recursive: true });
        return make(copy);
      },
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A unit of this name. */
export function unitOf(name: string): KeptUnit {
  return { name: `20261120-${name}`, tenant: 'acme', stream: 'web', day: 20_261_120 };
}

export async function* piecesOf(texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

/** All that a tier gives of a unit, as one text of its bytes. */
export async function readAll(tier: UnitTier, unit: KeptUnit): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of tier.read(unit)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}
