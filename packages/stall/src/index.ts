export { endWhenStalled, USUAL_STALL_MS, type Watched } from './end-when-stalled.ts';
