/** A frame as RFC 8878 lays it out, of blocks that need no compressor. */
export function zstdFrame(blocks: readonly Buffer[], windowLog = 20): Buffer {
  const header = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3);
  return Buffer.concat([header, ...blocks.map((block, at) => closeLast(block, at === blocks.length - 1))]);
}

/** Bytes as they are: at most 128 KiB. */
export function rawBlock(bytes: Uint8Array): Buffer {
  return Buffer.concat([blockHeader(0, bytes.length), bytes]);
}

/** One byte many times, in four bytes: at most 128 KiB. */
export function repeatedBlock(byte: number, times: number): Buffer {
  return Buffer.concat([blockHeader(1, times), Buffer.of(byte)]);
}

/** Something that decoders pass over. */
export function skippableFrame(bytes: number): Buffer {
  const frame = Buffer.alloc(8 + bytes);
  frame.writeUInt32LE(0x184d2a53, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
}

function blockHeader(type: number, size: number): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1), 0, 3);
  return header;
}

function closeLast(block: Buffer, isLast: boolean): Buffer {
  const copy = Buffer.from(block);
  if (isLast) copy[0] = (copy[0] ?? 0) | 1;
  return copy;
}

const SAMPLE = [
  'KLUv/WB/XGU+AAqbABIbcEsqOZLjR9M29MfHg6o6jntXRERi963/d5MFOQENAQwBQSNRECeECUGTzGiXwCr+brcD3Qsb4uVQ6o3M',
  'rgZFGGpithCRoCei5S9L3kdVxBjEnFyGlcMcpAqfMLmM+QhZ+4435rsQSq5FfDqdgQxhqaNNJTAcU/82w72kjBFOSMwuHSsUqnBq',
  'my1QRGGE9P3t2v5eRQiGi8Rmc5E9wRNccThJxlHIG3vQpn+2C5mS8Romrkd4hFqdbiOBMa1c5Mt9V8bISegoMlIxHMKBn/zZGCJK',
  'InTkH8fYdxsUKdo2n5kmDMKw0DtcLeMeaohHWMLvL3V0KJnCBEmjMAqyYtOZQrIxUvlijx17vJxwcBcKgwUMGCiYOBoFGAzwgACI',
  '4KBBAglCggMWLGAgQUjAQAMFDSyggMGBAAcKChigQQMFCRwEcLCAAAUMOBDgAAEFDihA4CCAIMCBAgcQBCMhSAgTS2Qmto8Mh41Z',
  'p48c5gmXdf44OZZ205k1IehhhpqPyCJESksIy7nMskh8KtEIUS7xJhtSorAGCQqeuEwsYf4RbeMRPHGMH6YhCxlGR77gVIoFLoQk',
  'zuMbyk9G4679y7wfrugnJnhLyN7x6AwNn9A0li5MHKIszJ733Nr6XIdEOH2LfPY8ZAVLcBBnOpukHk60Db205+5kKw+VDcp0/YTV',
  'hT9UagzDJsIHwwRdmbO+GV6V09hIkQSOHaHIEA2c7JnIeFmYitjXiW8O8XRPF4LcR6TNM9IaZGHUOZqvFQk5h6LhFy239kelqFAR',
  'spnekRwmSApNCPMkjEhGcNWHeurAhxtGwmcQC2MBkpjhLjIj7MSIu0/MQR7ORZ3Fx5GUmzCr5g9yGGs80sVFAh0hw1IuYo2l8ZkK',
  'IygTayIxnCQaxiCXQidWCfGOCO0fFy8cfpBGQ4QR5LMYTxWyQIXoSJtzM/kYjKvuHzftn9d7x5yXROxhLPqETrg17oLEpCg80e+W',
  'urRDX2tGMD0Rz5pfDgmO4FuUqaeRijPR0HhntlzPubYhspThuomq8nCHBtUPv4VwDBJURc7gj/l4S8dEVsLGMDJxGoKBIrmzjpaR',
  'emydfyKO8MK3dF9wuIk2zWghiMI++kZeKSrXEBt8zS22hP+riAZFmUybMJLCTFCEYsI7S4LJRVDFh+Chw+jRBofNUOEXxlEoLJLP',
  '7CFjNqbdfGjPyKUjjosTk27DmVGzoIaRpiNhYZGffojLuNQSS/hIZRgxFBFPOpSEYQsyBU5ITCgR5RtxtX7Mu0MP0QghwbjIZeHp',
  'KBoYIkiajzeSyxiLd2r+NOvvcq8Y83GJ7+c4dIeGS5txmJiUsHvddWfzYz0RobRUpHNobpnBD54YU04iDeFIlI15bbs61YbQ2JnM',
  'Vs8E1YY3lKqH2y6UM0QwWInzvph7p1SQQYLGx4hEh1hgZc7CWNmUckzU8VfHPd7RLSiciGi28MxoX5Cw6RppnShwDH0aetlSq78r',
  'Rk/NZTEJJ4gUYSSIipmwWYJIRYio9vB65uAHGxQuQxB6YTS6gkOIENiEqqgTwNEaX/vfAcN9w5I3AxOQQApLAIEA0QwQAgVBEIJ/',
  '/snWB+dCpLLhbdiyRhmpWnZjvUqqTVy0/0kaBjbDclttjILlg4rwbbR2NrGGBYvkCFe7VU0bBDYTLEbTRjEcCEfo1n5wJG1auPAQ',
  'jqr8TZWVWU03P/dfFd4VtDJsRgSstaIFzoDdV4BSg7VQqkUtr23L02Zr3S8QF7AQyOFcBCyXSAWD0F1P21/ZRHZXUSB7BE8YtST0',
  'gQfAqLk0DCx23ESm5qtpKkmLBzA2TucHq0mFF6C6TFfq21zxZSYgwSb4Aoqaa9HCI+YVADOmi0ynXmEIQBm5rB0Fd+2LpXRrIVk/',
  'rUkLRwK/AxizuerrrFyRWGIFqpupLo1W1YHHfWgjMn/iQa7gam56m5LMPh5wA887bx9Jt6RQ5BGMqlCw0SBvwKmetdKShsXYgWJv',
  'poULL5EGYafUaYfAzlBup3ZUJTSFFD7hQYHw4qGDPABbbaIhsDEWDZ2wue5QaCiEJTomGLQ06ACn1GobxR7ZwI2VsTDotkdLhB7y',
  'AAwtTXpoeSG23pcE85S3PTokikWuWrWQ2n1GuFXR1zBA0qHjzyCxHm2XhoHFsYlGGwI2Hy6iVfsrdpGkygtQXablUsYCEj3JQzMN',
  'gY0Hh2CmVW21qOITD8BJvZ3GQTQdRPO2LKTjr/y44NAFHFGrthA9JLhh8cICai/pgeG8QKMdujR0gAfCqq1crAYmOip4YPjapLE4',
  'tNq4kd0K/e0sqSTjBixsNwFbTXzpEx03nngMC6i8pGMxNqB4u8FFezKz3m0upyHszDDRbDEI9aCBCYULCSh4iwPOE9i0PeIhgKGR',
  'rn2rCxUKsEATISEaRrKqA+JViwZ8yxm3hJQt5jsqqRiMjtmgMJ5iVDVnWbUYsx2dLVxYAAygAbheyWRA6y57t6DgYPiuy5MyhVmD',
  'MQuhbeiRbK2eCQADQapGNVq0u/ZaSHAgdOwaBeRjneusO2AKkh03GiuvIYoG0SKEsay8imoDa241MTBH27IeiTUWNdnUD8ixLypm',
  'h9cDbj8GoQywsRbV1jRUYJqxqkOUDRFBEGLx6OmGZDa7RS++ZsDe/InW12fLBThPah/vpwFyuwI=',
];

/** What libzstd's own compressor (level 19) made of {@link sampleText}. */
export const SAMPLE_FRAME = Buffer.from(SAMPLE.join(''), 'base64');

/** 400 events. */
export function sampleText(): string {
  const event = (n: number) => ({
    n,
    level: ['info', 'warn', 'error'][n % 3],
    message: `request ${(n * 7919) % 1000} took ${(n * 31) % 97} ms`,
  });
  return Array.from({ length: 400 }, (_, n) => `${JSON.stringify(event(n))}\n`).join('');
}
