import { readFileSync } from 'node:fs';

import type { TrackingEndpoint } from './open-options.ts';

/** TLS settings as both drivers take them; mysql2 knows `verifyIdentity`, pg `checkServerIdentity`. */
export interface TransportSecurity {
  readonly ca?: string;
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity?: boolean;
  readonly checkServerIdentity?: () => undefined;
}

/**
 * What to try, in order: `preferred` tries TLS and goes on without it where the server has none, every other mode has
 * one way. Undefined stands for no TLS.
 */
export function transportAttempts(endpoint: TrackingEndpoint): readonly (TransportSecurity | undefined)[] {
  switch (endpoint.ssl?.mode) {
    case 'preferred':
      return [{ rejectUnauthorized: false }, undefined];
    case 'required':
      return [{ ...authority(endpoint), rejectUnauthorized: false }];
    case 'verify-ca':
      return [
        {
          ...authority(endpoint),
          rejectUnauthorized: true,
          verifyIdentity: false,
          checkServerIdentity: () => undefined,
        },
      ];
    case 'verify-full':
      return [{ ...authority(endpoint), rejectUnauthorized: true, verifyIdentity: true }];
    case 'disabled':
    case undefined:
    default:
      return [undefined];
  }
}

/** Whether an attempt with TLS failed only because the server offers none. */
export function lacksTransportSecurity(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT') return true;
  return 'message' in error && error.message === 'The server does not support SSL connections';
}

/** The certificate itself, or the path of a file that holds it. */
function authority(endpoint: TrackingEndpoint): { readonly ca?: string } {
  const ca = endpoint.ssl?.ca;
  if (ca === undefined) return {};
  return { ca: ca.includes('-----BEGIN') ? ca : readFileSync(ca, 'utf8') };
}
