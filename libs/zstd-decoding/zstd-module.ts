import { ZSTDDecoder } from 'zstddec/stream';

/** The functions of libzstd that the package brings as WebAssembly; pointers are offsets in `memory`. */
export interface ZstdFunctions {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  /** 0: a frame has ended; above `0xffffff00` as an unsigned number: an error; else more is to come. */
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

let functions: Promise<ZstdFunctions> | undefined;

/**
 * Loads libzstd when the first body needs it. The package's own decoder can't be stopped at a bound without leaking its
 * memory, and goes on for ever at an error; its functions can be used without either.
 */
export function loadZstd(): Promise<ZstdFunctions> {
  functions ??= new Promise((resolve, reject) => {
    class Loader extends ZSTDDecoder {
      override _init(result: { readonly instance: { readonly exports: unknown } }): void {
        super._init(result as Parameters<ZSTDDecoder['_init']>[0]);
        resolve(result.instance.exports as ZstdFunctions);
      }
    }
    new Loader().init().catch(reject);
  });
  return functions;
}
