import { answerCases } from './answer.cases.js';
import { batchCases } from './batch.cases.js';
import type { ParserCase } from './contract-case.js';
import { groupingCases } from './grouping.cases.js';

/** What every parser must keep. */
export const PARSER_CASES: readonly ParserCase[] = [...batchCases, ...answerCases, ...groupingCases];
