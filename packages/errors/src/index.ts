export { ERROR_CODES, type ErrorCode } from './codes.ts';
export { TidemarkError, type ErrorFacts } from './tidemark-error.ts';
export { classifyDriverError } from './classify-driver-error.ts';
