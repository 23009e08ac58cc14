// Runs a statement on the tables of an appliance that is down, as a hand would: node edit-tables.mjs <directory> <SQL>.
import { Session } from 'chdb';

const [directory, statement] = process.argv.slice(2);
const session = new Session(directory);
session.query(statement);
session.close();
