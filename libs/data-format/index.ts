export {
  DATA_FORMAT,
  DataFormatError,
  FORMAT_FILE,
  keepDataFormat,
  readDataFormat,
  beginRestore,
  endRestore,
  MIGRATED_FILE,
  markMigrated,
  unmarkMigrated,
} from './data-format.js';
