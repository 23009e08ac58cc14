declare module 'snappyjs' {
  const snappy: {
    /** @throws Error where the data would unpack to more than `maxLength` bytes, before it unpacks any. */
    uncompress(compressed: Buffer, maxLength: number): Buffer;
    compress(data: Buffer): Buffer;
  };
  export default snappy;
}
