export const VERSION: string;
export function kafkaJars(): Promise<string>;
export function checkJars(folder: string, sums: string): Promise<void>;
