package org.brokerhandoff.quickstart.installation;

/** The operator of a local installation, as it is in {@code operator.yaml}. Invented. */
final class SampleOperator {
    private SampleOperator() {}

    static String yaml() {
        return """
                # Who the controller is: docs/ingest.md. This one is invented.
                name: Nordvei AS
                address: Strandgaten 1, 5003 Bergen, Norway
                contact: personvern@nordvei.example
                dataProtectionOfficer: dpo@nordvei.example
                jurisdiction: "NO"
                processors:
                  - {name: Fjelldata AS, purpose: hosting, country: "NO"}
                notices:
                  privacy: https://nordvei.example/en/privacy
                  cookies: https://nordvei.example/en/cookies
                extraMembers: [city]
                """;
    }
}
