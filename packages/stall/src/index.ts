export { endWhenStalled, USUAL_PATIENCE_MS, USUAL_STALL_MS, type Watched } from './end-when-stalled.ts';
