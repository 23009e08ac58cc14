import { quoteText } from '../schema/names.js';
import {
  isFileTable,
  type FileOfEvents,
  type FileTable,
  type Parameters,
  type ParameterValue,
} from './engine.js';
import { refusePattern } from './path-pattern.js';

const PLACEHOLDER = /\{([A-Za-z_]\w*):([A-Za-z][A-Za-z0-9]*(?:\([A-Za-z0-9, ]+\))?)\}/g;

/**
 * The statement with each `{name:Type}` placeholder as a cast of a literal: what the engine's own parameters become. Its
 * parameters can't be used, since the binding runs only one statement with parameters at a time in the whole process: one
 * slow search would hold up all others. Of a text only letters, digits, `_`, `.` and `-` stand in the literal as they are,
 * all other bytes as `\xHH`: no value can end it.
 *
 * A file becomes the function that reads it.
 *
 * @throws Error where a placeholder has no value; TierError `config` where a file's path would be a pattern
 */
export function inlineValues(statement: string, parameters: Parameters = {}): string {
  return statement.replace(PLACEHOLDER, (_placeholder, name: string, type: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw new Error(`The statement names a value that it was not given: ${name}`);
    return isFileTable(value) ? renderFile(value) : `_CAST(${render(value)}, '${type}')`;
  });
}

/** The file as a table of its structure. */
export function renderFile({
  path,
  structure,
  format = 'Parquet',
}: Pick<FileTable, 'path' | 'structure'> & Partial<Pick<FileOfEvents, 'format'>>): string {
  refusePattern(path);
  return `file(${quoteText(path)}, '${format}', ${quoteText(structure)})`;
}

function render(value: Exclude<ParameterValue, FileTable>): string {
  return typeof value === 'object' ? `[${value.map(literal).join(', ')}]` : literal(value);
}

function literal(value: string | number): string {
  const text = String(value);
  if (/^[\w.-]*$/.test(text)) return `'${text}'`;
  const bytes = Array.from(Buffer.from(text), escapeByte);
  return `'${bytes.join('')}'`;
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[\w.-]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
}
