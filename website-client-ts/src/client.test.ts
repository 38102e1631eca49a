import assert from "node:assert/strict";
import {generateKeyPairSync, sign} from "node:crypto";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {test} from "node:test";
import {IngestClient, Invalid, pauseMillis, receiptHolds, Unavailable, webhookHolds, type Signup} from "./client.js";

const SIGNUP = {person: {fullName: "Kari Nordmann", email: "kari@example.no", country: "NO"}} as Signup;

/** A server that answers as it is told, the last answer again and again, and what it received. */
async function answering(replies: {status: number; body: string; retryAfter?: string}[]) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part)).on("end", () => {
      received.push(`${request.headers["idempotency-key"]} ${body}`);
      const reply = (replies.length > 1 ? replies.shift() : replies[0])!;
      if (reply.status === 0) return request.socket.destroy();
      response.writeHead(reply.status, reply.retryAfter ? {"retry-after": reply.retryAfter} : {}).end(reply.body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const client = (limit: number) => new IngestClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "key", limit);
  return {client, received, close: () => server.close()};
}

test("a submission keeps its key and body until it is answered", async () => {
  const ingest = await answering([
    {status: 503, body: "{}", retryAfter: "0"}, {status: 0, body: ""}, {status: 202, body: '{"signupId":"1"}'},
  ]);
  assert.equal((await ingest.client(60_000).signUp(SIGNUP, "form-1")).signupId, "1");
  assert.equal(ingest.received.length, 3);
  assert.deepEqual(new Set(ingest.received), new Set([`form-1 ${JSON.stringify(SIGNUP)}`]));
  ingest.close();
});

test("problems have types, with all faults; when time is over, nothing is known", async () => {
  const fault = {pointer: "/person/email", code: "email-invalid", detail: "…"};
  const refusing = await answering([{status: 422, body: JSON.stringify({code: "invalid-signup", errors: [fault]})}]);
  await assert.rejects(refusing.client(60_000).signUp(SIGNUP, "form-1"), (refused) => {
    assert.ok(refused instanceof Invalid);
    assert.deepEqual(refused.problem.errors, [fault]);
    return true;
  });
  refusing.close();
  const busy = await answering([{status: 503, body: '{"code":"custody-full"}', retryAfter: "3600"}]);
  await assert.rejects(busy.client(60_000).signUp(SIGNUP, "form-1"), Unavailable);
  busy.close();
});

test("pauses double, Retry-After is kept, and an answer that a repeat would not change is the answer", () => {
  assert.equal(pauseMillis(503, null, 1, 1, 0), 300);
  assert.equal(pauseMillis(0, null, 4, 1, 0), 2400);
  assert.equal(pauseMillis(503, null, 1000, 1, 0), 60_000);
  assert.equal(pauseMillis(503, "90", 1, 1, 0), 90_000);
  assert.equal(pauseMillis(429, "Thu, 01 Jan 1970 00:00:05 GMT", 1, 0, 0), 5000);
  assert.equal(pauseMillis(503, "soon", 1, 1, 0), 300);
  for (const status of [200, 202, 302, 400, 401, 404, 409, 422, 501]) assert.equal(pauseMillis(status, "1", 1, 1, 0), undefined);
});

test("a receipt as it was sent holds, and a changed one does not", () => {
  const {publicKey, privateKey} = generateKeyPairSync("ed25519");
  const keys = [{...publicKey.export({format: "jwk"}), kid: "a"}];
  const body = Buffer.from('{"signupId":"1"}');
  const signed = (header: object) => {
    const first = Buffer.from(JSON.stringify(header)).toString("base64url");
    return `${first}..${sign(null, Buffer.from(`${first}.${body.toString("base64url")}`), privateKey).toString("base64url")}`;
  };
  const signature = signed({alg: "EdDSA", kid: "a"});
  assert.ok(receiptHolds({body, signature}, keys));
  assert.ok(!receiptHolds({body: Buffer.from("{}"), signature}, keys));
  assert.ok(!receiptHolds({body, signature: signed({alg: "none", kid: "a"})}, keys));
  assert.ok(!receiptHolds({body, signature: signed({alg: "EdDSA", kid: "b"})}, keys));
  assert.ok(!receiptHolds({body, signature: null}, keys));
});

test("the vector of Standard Webhooks holds, and nothing that was changed", () => {
  const headers = {id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="};
  const body = Buffer.from('{"test": 2432232314}');
  const secrets = ["whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
  assert.ok(webhookHolds(headers, body, secrets, 1614265330_000));
  assert.ok(!webhookHolds(headers, Buffer.from("{}"), secrets, 1614265330_000));
  assert.ok(!webhookHolds({...headers, id: "msg_other"}, body, secrets, 1614265330_000));
  assert.ok(!webhookHolds(headers, body, ["whsec_AAAA"], 1614265330_000));
  assert.ok(!webhookHolds(headers, body, secrets, 1614265631_000));
});
