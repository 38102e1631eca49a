/**
 * What a website's backend needs to hand in signups. The types of requests and answers are generated from the OpenAPI document; here is what
 * generation cannot give: one idempotency key for each submission, kept over retries; `Retry-After`; problems as types; signatures.
 * The rules are those of docs/website-guide.md, and of the Java client. Nothing here logs or keeps what a person typed.
 */
import {createHmac, createPublicKey, timingSafeEqual, verify, type JsonWebKey} from "node:crypto";
import createClient, {type Client} from "openapi-fetch";
import type {components, paths} from "./schema.js";

export type Signup = components["schemas"]["SignupRequest"];
export type Problem = components["schemas"]["Problem"];

/** A request was not done. The kinds are what a website does differently. */
export class IngestError extends Error {
  /** @param status of HTTP; 0 if there was no answer */
  constructor(readonly status: number, readonly problem: Partial<Problem>) {
    super(`${status} ${problem.code ?? ""}`);
    this.name = new.target.name;
  }
}
/** 422: the person, or the form, has to change something; the idempotency key stays free. */
export class Invalid extends IngestError {}
/** 409: it contradicts what was handed in, decided or published before. */
export class Conflict extends IngestError {}
/** 404: there is none, or it is another website's. Certain, not a matter of time. */
export class NotFound extends IngestError {}
/** 401 or 403: the API key is unknown, or lacks the scope. */
export class NotAuthorized extends IngestError {}
/** Another refusal: a fault in the program that asked. */
export class Refused extends IngestError {}
/** No answer in time. A submission may have been accepted all the same: send it again later, under the same key. */
export class Unavailable extends IngestError {}

const ANSWER_LIMIT_MILLIS = 6_000; // ingest answers within 3.5 s
const FIRST_PAUSE_MILLIS = 300;
const LONGEST_PAUSE_MILLIS = 60_000;

/**
 * How long to wait before the same request is sent again; undefined if the answer is the answer. Pure.
 *
 * @param status of the answer; 0 if there was none
 * @param retryAfter the header's value, if there is one
 * @param attempts so far, at least one
 * @param random from 0 to 1
 */
export function pauseMillis(status: number, retryAfter: string | null, attempts: number, random: number, nowMillis: number): number | undefined {
  const mayWorkLater = status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
  if (!mayWorkLater) return undefined;
  const chosen = random * Math.min(FIRST_PAUSE_MILLIS * 2 ** Math.min(attempts - 1, 30), LONGEST_PAUSE_MILLIS);
  const text = retryAfter?.trim() ?? "";
  const asked = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMillis;
  return Number.isFinite(asked) ? Math.max(asked, chosen) : chosen;
}

function error(status: number, problem: Partial<Problem>): IngestError {
  const Kind = ({401: NotAuthorized, 403: NotAuthorized, 404: NotFound, 409: Conflict, 422: Invalid} as Record<number, typeof IngestError>)[status] ?? Refused;
  return new Kind(status, problem);
}

/** A fetch that sends the same again until it is answered or time is over, and throws what is no success. */
function repeating(limitMillis: number): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : null;
    const began = performance.now();
    for (let attempts = 1; ; attempts++) {
      let response: Response | undefined;
      try {
        response = await fetch(request.url, {
          method: request.method, headers: request.headers, body, redirect: "manual", signal: AbortSignal.timeout(ANSWER_LIMIT_MILLIS),
        });
      } catch {
        // Nothing was heard: it is not known whether the request arrived.
      }
      if (response?.ok) return response;
      const status = response?.status ?? 0;
      const problem: Partial<Problem> = await response?.json().catch(() => ({})) ?? {};
      const pause = pauseMillis(status, response?.headers.get("retry-after") ?? null, attempts, Math.random(), Date.now());
      if (pause === undefined) throw error(status, problem);
      if (performance.now() - began + pause > limitMillis) throw new Unavailable(status, problem);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
}

/** What was signed, as it was sent: the bytes are what the signature is about. */
export interface Receipt {
  body: Uint8Array;
  signature: string | null;
}

export class IngestClient {
  /** Every operation of the interface, with the types of the OpenAPI document; with the same retries and errors. */
  readonly api: Client<paths>;

  /**
   * @param base address of ingest without a path
   * @param apiKey of scope website
   * @param limitMillis time after which no further attempt begins
   */
  constructor(base: string, apiKey: string, limitMillis: number) {
    this.api = createClient<paths>({baseUrl: base, headers: {authorization: `Bearer ${apiKey}`}, fetch: repeating(limitMillis)});
  }

  /**
   * Hands in a signup.
   *
   * @param idempotencyKey made with the form, at random; the same however often the form is sent
   */
  async signUp(signup: Signup, idempotencyKey: string) {
    const {data} = await this.api.POST("/v1/signups", {params: {header: {"Idempotency-Key": idempotencyKey}}, body: signup});
    return data!;
  }

  /** Where a signup stands. */
  async status(id: string) {
    const {data} = await this.api.GET("/v1/signups/{id}", {params: {path: {id}}});
    return data!;
  }

  /** Withdraws the consent; may be repeated. */
  async withdraw(id: string) {
    const {data} = await this.api.POST("/v1/signups/{id}/withdrawal", {params: {path: {id}}});
    return data!;
  }

  /** The receipt, for the person and for {@link receiptHolds}. Its `capability` is a secret of the person. */
  async receipt(id: string): Promise<Receipt> {
    const {response} = await this.api.GET("/v1/signups/{id}/receipt", {params: {path: {id}}, parseAs: "stream"});
    return {body: new Uint8Array(await response.arrayBuffer()), signature: response.headers.get("handoff-receipt-signature")};
  }

  /** The keys that receipts are signed with; keep them for an hour, not for ever. */
  async receiptKeys(): Promise<JsonWebKey[]> {
    const {data} = await this.api.GET("/.well-known/jwks.json");
    return (data as {keys: JsonWebKey[]}).keys;
  }
}

/** Whether a receipt is signed by one of the keys and not changed since: a JWS without its payload (RFC 7515, appendix F), EdDSA (RFC 8037). */
export function receiptHolds(receipt: Receipt, keys: JsonWebKey[]): boolean {
  const [header, payload, signature, ...more] = (receipt.signature ?? "").split(".");
  if (!header || payload !== "" || !signature || more.length > 0) return false;
  try {
    const {alg, kid, crit, b64} = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
    const jwk = keys.find((key) => key.kid === kid && key.kty === "OKP" && key.crv === "Ed25519");
    if (alg !== "EdDSA" || crit !== undefined || b64 !== undefined || !jwk) return false;
    const signed = Buffer.from(`${header}.${Buffer.from(receipt.body).toString("base64url")}`, "ascii");
    return verify(null, signed, createPublicKey({key: jwk, format: "jwk"}), Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}

/**
 * Whether a webhook of the feed is signed with one of the secrets (Standard Webhooks, v1), and not older or newer than five minutes. The same
 * webhook may come again under the same id: remember the ids of the last days.
 *
 * @param headers webhook-id, webhook-timestamp and webhook-signature
 * @param body the bytes as they came
 * @param secrets each `whsec_` and base64
 */
export function webhookHolds(headers: {id: string; timestamp: string; signature: string}, body: Uint8Array, secrets: string[], nowMillis: number): boolean {
  if (!/^[0-9]{1,12}$/.test(headers.timestamp) || Math.abs(nowMillis / 1000 - Number(headers.timestamp)) > 300) return false;
  let holds = false;
  for (const secret of secrets) {
    const mac = createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"));
    const expected = Buffer.from(`v1,${mac.update(`${headers.id}.${headers.timestamp}.`).update(body).digest("base64")}`);
    for (const each of headers.signature.split(" ")) {
      const shown = Buffer.from(each);
      holds = (shown.length === expected.length && timingSafeEqual(shown, expected)) || holds;
    }
  }
  return holds;
}
