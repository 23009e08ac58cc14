/** Ports of the loopback address that were free a moment ago, each another. */
export function freePorts(count: number): Promise<number[]>;
