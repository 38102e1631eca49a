// Checks a receipt's signature: npm ci && node check-receipt.mjs RECEIPT SIGNATURE KEYS
//
// RECEIPT is the body as it was answered, SIGNATURE the value of its header handoff-receipt-signature, KEYS the answer of
// /.well-known/jwks.json, each in a file. By npm's jose, which shares nothing with the service. Exit codes: 0 holds, 1 does not, 2 could not run.
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
let jose, receipt, jws, keys;
try {
  jose = await import('jose');
  receipt = readFileSync(files[0]);
  jws = readFileSync(files[1], 'utf8').trim().split('.');
  keys = jose.createLocalJWKSet(JSON.parse(readFileSync(files[2], 'utf8')));
} catch (problem) {
  console.error(`could not run: ${problem.message}`);
  process.exit(2);
}
try {
  if (jws.length !== 3 || jws[1] !== '') throw new Error('the signature is not a detached JWS');
  const whole = [jws[0], jose.base64url.encode(receipt), jws[2]].join('.');
  const { protectedHeader } = await jose.compactVerify(whole, keys, { algorithms: ['EdDSA'] });
  console.log(`holds, by key ${protectedHeader.kid}`);
} catch (problem) {
  console.error(`does not hold: ${problem.message}`);
  process.exit(1);
}
