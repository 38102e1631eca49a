/** Hands in an invented person, follows the signup to its purge and checks the receipt: INGEST=… WEBSITE_KEY=… npm run sample. */
import {randomUUID} from "node:crypto";
import {IngestClient, receiptHolds} from "./client.js";

const ingest = new IngestClient(process.env.INGEST ?? "", process.env.WEBSITE_KEY ?? "", 120_000);
const {data: policy} = await ingest.api.GET("/v1/policies/current");
const accepted = await ingest.signUp(
  {
    person: {fullName: "Kari Nordmann", email: "kari@example.no", country: "NO", language: "nb"},
    consent: {
      policyVersion: policy!.version, purposes: ["broker-handoff"], recipients: ["fjord-markets"],
      givenAt: new Date().toISOString(), method: "registration-form",
    },
  },
  randomUUID(),
);
let status = await ingest.status(accepted.signupId);
while (!status.purge) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  status = await ingest.status(accepted.signupId);
}
const holds = receiptHolds(await ingest.receipt(accepted.signupId), await ingest.receiptKeys());
console.log(`${status.status}, purged, receipt ${holds ? "holds" : "is not signed by these keys"}`);
