export { DATA_FORMAT, DataFormatError, FORMAT_FILE, keepDataFormat, readDataFormat } from './data-format.js';
