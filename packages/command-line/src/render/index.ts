export { formatCount, formatDuration, formatTime, NONE, plural, toIso } from './format.ts';
export { bad, dim, good, odd, renderTable, type Column } from './render-table.ts';
