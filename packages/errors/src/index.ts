export { ERROR_CODES, type ErrorCode } from './codes.ts';
export { TidemarkError, type ErrorFacts } from './tidemark-error.ts';
export { classifyDriverError } from './classify-driver-error.ts';
export { driverCodeOf } from './driver-code-of.ts';
export { nameOfError } from './name-of-error.ts';
