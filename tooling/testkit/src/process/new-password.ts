import { randomBytes } from 'node:crypto';

const PASSWORD_BYTES = 15;

/** A password for one server. Its letters need no escaping in SQL, in a URL or in a shell. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}
