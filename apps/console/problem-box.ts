import { asProblem, type ProblemBody } from './api.js';
import { byId, element } from './dom.js';
import { visible } from './visible-text.js';

const box = byId('problem');

/** Shows what went wrong and how to mend it, until {@link clearProblem}. */
export function showProblem(error: unknown): ProblemBody | undefined {
  const problem = asProblem(error);
  if (!problem) return undefined;
  byId('problem-title').textContent = visible(problem.title);
  byId('problem-detail').textContent = visible(problem.detail);
  byId('problem-mend').textContent = visible(problem.mend);
  const errors = (problem.errors ?? [])
    .filter(({ message }) => !problem.detail.includes(message))
    .map(({ path, message, mend }) => element('li', '', visible(`${path} ${message}. ${mend}`)));
  byId('problem-errors').replaceChildren(...errors);
  box.hidden = false;
  return problem;
}

export function clearProblem(): void {
  box.hidden = true;
}
