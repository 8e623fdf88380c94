export { hopState } from './states.ts';
export { tablesFile } from './tables-file.ts';
