import type { EventLine } from './event-line.js';
import type { FieldText } from './json-field.js';
import type { FieldCondition, RuleConditions } from './routing-rule.js';

/** Whether a line meets a condition. */
export type LineTest = (line: EventLine) => boolean;

/** What a rule asks of each line, the cheapest first; empty where it asks nothing. */
export function lineTestsOf({ contains, starts_with, fields = [] }: RuleConditions): readonly LineTest[] {
  const tests: LineTest[] = [];
  if (starts_with) tests.push(startsTest(starts_with));
  if (contains) tests.push(containsTest(contains));
  return [...tests, ...fields.map(fieldTest)];
}

function startsTest(texts: readonly string[]): LineTest {
  const sought = texts.map(asBytes);
  return (line) => sought.some((text) => line.text.startsWith(text));
}

function containsTest(texts: readonly string[]): LineTest {
  const sought = texts.map(asBytes);
  return (line) => sought.some((text) => line.text.includes(text));
}

/** The UTF-8 of a text with a character for each byte, as lines are searched. */
function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

type ValueTest = (value: FieldText) => boolean;

function fieldTest(condition: FieldCondition): LineTest {
  const { field, exists = true } = condition;
  const tests = valueTestsOf(condition);
  return (line) => {
    const value = line.field(field);
    if (!exists || value === undefined) return !exists && value === undefined;
    return tests.every((test) => test(value));
  };
}

function valueTestsOf({ equals, contains, starts_with, at_least, at_most }: FieldCondition): ValueTest[] {
  const tests: ValueTest[] = [];
  if (equals) {
    const wanted = new Set(equals.map(String));
    tests.push(({ text }) => wanted.has(text));
  }
  if (starts_with) tests.push(({ text }) => starts_with.some((start) => text.startsWith(start)));
  if (contains) tests.push(({ text }) => contains.some((part) => text.includes(part)));
  if (at_least !== undefined) tests.push(({ text }) => numberOf(text) >= at_least);
  if (at_most !== undefined) tests.push(({ text }) => numberOf(text) <= at_most);
  return tests;
}

/** NaN, which no bound holds for, where the text is no number. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
