/** A private key of the user's is no input: a file that holds one is refused before anything else looks into it. */
import { InputError } from './diagnostic.ts';
import { throwawayKeyIn } from './identity.ts';

/** A key file with blanks and line ends is still much smaller, bytes. */
const LARGEST_KEY = 16_384;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Refuses Solana key files and PEM keys; `file` is the name in the error, which tells nothing of the key. Throws InputError. */
export function refuseForeignKey(bytes: Uint8Array, file: string): void {
  if (bytes.length > LARGEST_KEY) return;
  const text = new TextDecoder().decode(bytes);
  if (throwawayKeyIn(text) !== 'foreign' && !PEM.test(text)) return;
  throw new InputError([{
    file, message: 'this file holds a private key that is not one of the throwaway keys of solevoter; it was not used',
    expected: 'a file without keys: solevoter needs none, and refuses each that it meets',
  }]);
}
