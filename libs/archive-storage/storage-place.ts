/** A bucket, and how it is reached. */
export interface BucketPlace {
  /** `https://host[:port]`; the service of AWS where absent. */
  readonly endpoint?: string;
  readonly bucket: string;
  readonly region: string;
  /** Before every key: empty, or folders that end with a slash. */
  readonly prefix: string;
  /** `https://host/bucket/key` in place of `https://bucket.host/key`. */
  readonly pathStyle: boolean;
  /** Where absent: of the environment, AWS' own files, or the role of the machine, in this order. */
  readonly credentials?: BucketCredentials;
  /** PEM of the authorities that certificates are checked by; those that Node trusts where absent. */
  readonly ca?: string;
  /** How the store locks what is put; not at all where absent. */
  readonly lock?: ObjectLock;
}

/** Until when nobody may delete an object, nor change it. */
export interface ObjectLock {
  readonly mode: 'governance' | 'compliance';
  /** From the put on, at least; absent where what is put says it alone. */
  readonly days?: number | undefined;
}

export interface BucketCredentials {
  readonly accessKeyId: string;
  /** Asked for where it is used; never part of a log or an error. */
  readonly secretAccessKey: () => string;
}

/** A directory of its own, made when missing. */
export interface DirectoryPlace {
  readonly directory: string;
  /** The name of this process, where others put objects there too: what they are writing is left alone. */
  readonly writer?: string;
}

/** Where archives are kept: a directory or a bucket. */
export type StoragePlace = DirectoryPlace | { readonly bucket: BucketPlace };
