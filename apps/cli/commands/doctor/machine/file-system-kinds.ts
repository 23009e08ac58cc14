/** What kind of file system it is, and what that means for a data directory. */
export interface FileSystemKind {
  readonly name: string;
  /** Why events would not be safe there; undefined where they are. */
  readonly danger?: string;
  readonly mend?: string;
}

const LOCAL = 'Take a directory on a disk of this machine (ALLUVIUM_DATA_DIR).';
const NETWORK = {
  danger: 'Locks and memory maps over a network do not hold what the log and the engine need.',
  mend: LOCAL,
};
const MEMORY = { danger: 'All of it is gone when the machine starts anew.', mend: LOCAL };

/** Kinds by the numbers of Linux (statfs(2)). */
const KINDS: ReadonlyMap<number, FileSystemKind> = new Map([
  [0xef53, { name: 'ext4' }],
  [0x58465342, { name: 'xfs' }],
  [0x9123683e, { name: 'btrfs' }],
  [0x2fc12fc1, { name: 'zfs' }],
  [0xf2f52010, { name: 'f2fs' }],
  [0x01021994, { name: 'tmpfs', ...MEMORY }],
  [0x858458f6, { name: 'ramfs', ...MEMORY }],
  [0x6969, { name: 'NFS', ...NETWORK }],
  [0xff534d42, { name: 'CIFS', ...NETWORK }],
  [0xfe534d42, { name: 'SMB', ...NETWORK }],
  [0x01021997, { name: '9p', ...NETWORK }],
  [0x65735546, { name: 'FUSE', ...NETWORK }],
  [
    0x794c7630,
    {
      name: 'overlay',
      danger: 'It is the layer of a container: all of it is gone with the container.',
      mend: 'Mount a volume there.',
    },
  ],
]);

/** The kind that a number stands for; unknown ones are taken for safe. */
export function fileSystemKind(type: number): FileSystemKind {
  // Some come as negative numbers.
  return KINDS.get(type >>> 0) ?? { name: `of kind 0x${(type >>> 0).toString(16)}` };
}
