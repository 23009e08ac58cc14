export {
  DATA_FORMAT,
  DataFormatError,
  FORMAT_FILE,
  keepDataFormat,
  readDataFormat,
  beginRestore,
  endRestore,
} from './data-format.js';
