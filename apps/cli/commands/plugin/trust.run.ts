import { trustPlugin, withdrawTrust } from '#plugin-host/author';
import { jsonLine, printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import { notAsItShould, requireFolder, shownProblems, type JsonOption } from './shown-problems.js';

export interface TrustOptions extends JsonOption {
  readonly withdraw?: true;
  /** Takes versions that were trusted before off the list. */
  readonly only?: true;
}

/** Lists a plugin as one that may run, or takes it off the list. */
export async function trust(folder: string, options: TrustOptions): Promise<void> {
  if (options.withdraw) return withdraw(folder, options);
  await requireFolder(folder);
  const trusted = await (options.only ? trustPlugin(folder, 1) : trustPlugin(folder));
  if (trusted.problems) {
    await writeOut(
      options.json ? `${jsonLine({ problems: trusted.problems })}\n` : shownProblems(trusted.problems),
    );
    throw notAsItShould(folder);
  }
  const { name, version, sha256, list } = trusted.value;
  const told = `${name} ${version} may run: ${sha256} stands in ${printable(list)}.\n`;
  await writeOut(options.json ? `${jsonLine(trusted.value)}\n` : told);
}

async function withdraw(folder: string, { json }: TrustOptions): Promise<void> {
  const done = await withdrawTrust(folder);
  if (done.problems) {
    await writeOut(json ? `${jsonLine({ problems: done.problems })}\n` : shownProblems(done.problems));
    throw notAsItShould(folder);
  }
  const { name, list } = done.value;
  await writeOut(
    json ? `${jsonLine(done.value)}\n` : `${name} may not run any more: it is not in ${printable(list)}.\n`,
  );
}
