import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';

/** A way of running the appliance in containers. */
export interface Edition {
  readonly name: EditionName;
  /** The compose file, below the folder of compose files. */
  readonly file: string;
  /** Folder of the secrets that `alluvium init` makes, below that of compose files; none where its services want none. */
  readonly secretsFolder?: string;
}

/** Names of {@link EDITIONS}. */
export type EditionName = 'single' | 'distributed' | 'cluster';

const SINGLE: Edition = { name: 'single', file: 'compose.yml' };

/** The first one is what is meant where none is named. */
export const EDITIONS: readonly Edition[] = [
  SINGLE,
  { name: 'distributed', file: 'compose.distributed.yml', secretsFolder: 'secrets' },
  { name: 'cluster', file: 'compose.cluster.yml', secretsFolder: 'secrets/cluster' },
];

/** Where the files of an edition lie. */
export interface EditionPlace extends Edition {
  /** Path of the compose file. */
  readonly compose: string;
  /** Path of the folder of its secrets; undefined where it has none. */
  readonly secrets: string | undefined;
}

/**
 * The files of an edition in this checkout.
 *
 * @param folder that of the compose files; that of the checkout by default
 * @throws CliError where they are not there, as in an image
 */
export function findEdition(name: EditionName, folder: string = composeFolder()): EditionPlace {
  const [edition = SINGLE] = EDITIONS.filter((each) => each.name === name);
  const compose = join(folder, edition.file);
  if (!existsSync(compose))
    throw new CliError(
      `The compose file ${compose} is not there.`,
      EXIT.failed,
      'Call bin/alluvium of a whole checkout: inside of a container there are no compose files.',
    );
  const { secretsFolder } = edition;
  return { ...edition, compose, secrets: secretsFolder && join(folder, secretsFolder) };
}

/** `docker/` beside package.json, above these files: they run from the sources and from dist. */
function composeFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, 'docker');
}
