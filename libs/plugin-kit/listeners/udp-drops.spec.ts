import { describe, expect, it } from 'vitest';
import { dropsIn } from './udp-drops.js';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  533: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 36912 2 0000000000000000 17
  534: 00000000:158B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 36913 2 0000000000000000 4
  535: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 36914 2 0000000000000000 0
`;

describe('the drops of UDP sockets', () => {
  it('are the last column of the lines of a port', () => {
    expect(dropsIn(TABLE, 0x158a)).toEqual([17, 0]);
    expect(dropsIn(TABLE, 0x158b)).toEqual([4]);
  });

  it('are none of a port that is not there, nor of what is no table', () => {
    expect([dropsIn(TABLE, 0x15), dropsIn('', 1), dropsIn('head\nx :0001 y', 1)]).toEqual([[], [], []]);
  });
});
