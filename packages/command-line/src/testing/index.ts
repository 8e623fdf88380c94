export { hopState } from './states.ts';
export { tablesFile } from './tables-file.ts';
export { setUp } from '../settings/set-up.ts';
