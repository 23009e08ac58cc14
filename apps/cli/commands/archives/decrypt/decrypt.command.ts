import { Command, InvalidArgumentError } from 'commander';
import type { DecryptOptions } from './decrypt.run.js';

const MORE = `
Makes Parquet of it that DuckDB, Spark, polars and others read: encrypted files are decrypted with the keys of
ALLUVIUM_ARCHIVE_KEYS_FILE, plain ones copied, all into the same folders (tenant=/stream=/year=/month=/day=). Needs no server, and
changes nothing where the archive lies. A bucket is reached by the settings of S3. Each manifest's signature, and each file by its
manifest, is checked; what fails is left out and told, and the command ends with 5. Nothing is written over: the directory must be
empty, or not be there yet. The files are in the clear: guard them.

Examples:
  alluvium archives decrypt data/archives ./clear
  ALLUVIUM_ARCHIVE_KEYS_FILE=archive.keys alluvium archives decrypt s3://bucket/folder ./clear --stream checkout
  alluvium archives decrypt /mnt/old ./clear --tenant acme --trust 0123456789abcdef
`;

/** `archives decrypt`. */
export function makeDecrypt(): Command {
  return new Command('decrypt')
    .argument('<place>', 'where the archive is: a directory, or s3://bucket/folder')
    .argument('<directory>', 'an empty directory, or one that is made')
    .description('make an archive, encrypted or not, into Parquet that other programs read')
    .option('--tenant <name>', 'of this tenant alone')
    .option('--stream <name>', 'of streams of this name alone')
    .option('--trust <id>', 'manifests signed by this key alone, or by several; default: by any', keyIds)
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', MORE)
    .action(async (place: string, directory: string, options: DecryptOptions) => {
      const { decryptArchive } = await import('./decrypt.run.js');
      await decryptArchive(place, directory, options);
    });
}

function keyIds(id: string, before: readonly string[] = []): readonly string[] {
  if (/^[0-9a-f]{16}$/.test(id)) return [...before, id];
  throw new InvalidArgumentError('An id of a key has 16 hex digits; manifests name it as signature.key_id.');
}
