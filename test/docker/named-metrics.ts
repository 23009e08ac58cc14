import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DOCKER = join(import.meta.dirname, '../../docker');

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

/** The board that Grafana shows, as far as tests look at it. */
export interface Board {
  readonly uid: string;
  readonly panels: readonly Panel[];
}

export async function readBoard(): Promise<Board> {
  return JSON.parse(await readFile(join(DOCKER, 'grafana/boards/alluvium.json'), 'utf8')) as Board;
}

/** Names of all metrics in the expressions of a board. */
export function metricsOf({ panels }: Board): readonly string[] {
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const names = expressions.flatMap((expr) => expr.match(/\b(?:alluvium|process|nodejs)_\w+/g) ?? []);
  return [...new Set(names)];
}
