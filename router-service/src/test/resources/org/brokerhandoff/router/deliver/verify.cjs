// Checks signed messages with code that is not ours: v1 with the reference library of Standard Webhooks, v1a with Node's own crypto.
// Reads a list of {id, timestamp, signature, body (base64), secret?, publicKey?}; prints one line for each: true, or why not.
const crypto = require('node:crypto');
const fs = require('node:fs');
const { Webhook } = require('standardwebhooks');

function v1(message, body) {
  new Webhook(message.secret).verify(body.toString('utf8'), {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': message.signature,
  });
  return true;
}

function v1a(message, body) {
  const raw = Buffer.from(message.publicKey.substring('whpk_'.length), 'base64');
  const key = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  const content = Buffer.concat([Buffer.from(`${message.id}.${message.timestamp}.`), body]);
  return message.signature
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => crypto.verify(null, content, key, Buffer.from(each.substring('v1a,'.length), 'base64')));
}

for (const message of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  const body = Buffer.from(message.body, 'base64');
  try {
    console.log(String(message.secret ? v1(message, body) : v1a(message, body)));
  } catch (e) {
    console.log(e.message);
  }
}
