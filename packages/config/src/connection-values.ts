import type { SslMode } from './endpoint.ts';
import { readTextFile, whyUnreadable } from './read-text-file.ts';

/** What is known of a connection so far. A password may be empty on purpose: an empty file, or `user:@host`. */
export interface ConnectionFields {
  host?: string;
  port?: number;
  database?: string;
  schema?: string;
  user?: string;
  password?: string;
  sslMode?: SslMode;
  /** Certificates in PEM. */
  sslCa?: string;
}

/** Takes what is wrong with a value, as the end of a sentence that the variable's name begins; never the value (P8). */
export type Complain = (text: string) => void;

export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** The certificates of a PEM file. */
export function readCa(path: string, complain: Complain): { sslCa?: string } {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    complain(`names a file that cannot be read: ${whyUnreadable(error)}`);
    return {};
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return { sslCa: text };
  complain('names a file that holds no certificate in PEM form');
  return {};
}
