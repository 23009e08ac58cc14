/** How pieces of a backup are named and kept: as they are, or encrypted. */
export interface PieceCodec {
  /** Of the key; undefined where there is none. Says nothing about the key itself. */
  readonly keyId: string | undefined;
  /** Bytes that a piece is longer where it is kept. */
  readonly overhead: number;
  /** The name of this content: 64 hexadecimal digits, the same for the same content (and key). */
  nameOf(content: Uint8Array): string;
  seal(name: string, content: Uint8Array): Uint8Array;
  /** The content again; undefined where what was kept was changed, or is another key's. */
  open(name: string, kept: Uint8Array): Uint8Array | undefined;
  /** Proves that a text is as it was written, 64 hexadecimal digits: by whoever has the key, where there is one. */
  proofOf(text: string): string;
}
