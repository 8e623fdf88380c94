import { readFileSync } from 'node:fs';

import { TidemarkError } from '@tidemark/errors';
import type { SslOptions } from 'mysql2';

import type { MysqlEndpoint } from './types.ts';

export interface TransportAttempt {
  /** Undefined: not encrypted. */
  readonly ssl: SslOptions | undefined;
}

const PLAIN: TransportAttempt = { ssl: undefined };

/**
 * What to try, in order. `preferred` is encrypted where the server can do it and else is not; every other mode has one
 * way.
 *
 * @throws TidemarkError CONFIG_INVALID when the file of the certificate authority cannot be read
 */
export function transportAttempts(
  endpoint: MysqlEndpoint,
  where: string,
): readonly [TransportAttempt, TransportAttempt?] {
  const { mode, ca } = endpoint.ssl ?? { mode: 'disabled' };
  switch (mode) {
    case 'disabled':
      return [PLAIN];
    case 'preferred':
      return [{ ssl: { rejectUnauthorized: false } }, PLAIN];
    case 'required':
      return [{ ssl: { ...authority(ca, where), rejectUnauthorized: false } }];
    case 'verify-ca':
      return [{ ssl: { ...authority(ca, where), rejectUnauthorized: true, verifyIdentity: false } }];
    case 'verify-full':
      return [{ ssl: { ...authority(ca, where), rejectUnauthorized: true, verifyIdentity: true } }];
    default:
      return mode satisfies never;
  }
}

/** Whether an attempt failed only because server and client found no way to encrypt. */
export function lacksTransportSecurity(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'HANDSHAKE_NO_SSL_SUPPORT' || error.code === 'HANDSHAKE_SSL_ERROR';
}

/** `ca` is the certificate itself, or the path of a file that holds it. */
function authority(ca: string | undefined, where: string): { readonly ca?: string } {
  if (ca === undefined) return {};
  if (ca.includes('-----BEGIN')) return { ca };
  try {
    return { ca: readFileSync(ca, 'utf8') };
  } catch {
    throw new TidemarkError('CONFIG_INVALID', {
      message: `${where}: the file of the certificate authority cannot be read`,
      hint: 'Correct SSL_CA of this connection: a path to a PEM file, or the certificate itself.',
    });
  }
}
