package org.brokerhandoff.quickstart;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.brokerhandoff.quickstart.installation.LocalInstallation;

/** What can be tried while a quickstart is up, as text for a person. */
final class Invitation {
    private Invitation() {}

    /** {@code brokerPages}: where each broker shows what it received, by their ids. */
    static String text(
            String site,
            String address,
            LocalInstallation installation,
            String policyVersion,
            String bootstrapServers,
            Map<String, URI> brokerPages) {
        String pages = brokerPages.entrySet().stream()
                .map(page -> "  " + page.getValue() + "  " + page.getKey())
                .collect(Collectors.joining("\n"));
        return String.format(
                Locale.ROOT,
                """
                It stays up. Register in a browser, as a visitor does:

                  %5$s

                See what the brokers received, and make them refuse or fail:

                %8$s

                Or try, in another shell in this folder:

                  export INGEST=%1$s WEBSITE_KEY=%4$s

                  curl -i $INGEST/v1/signups \\
                    -H "Authorization: Bearer $WEBSITE_KEY" -H 'Content-Type: application/json' \\
                    -H "Idempotency-Key: $(date +%%s%%N)" \\
                    -d '{"person": {"fullName":"Kari Nordmann","email":"kari@example.no","country":"NO","language":"nb"},
                         "consent": {"policyVersion":"%2$s","purposes":["broker-handoff"],
                                     "recipients":["fjord-markets","nordlys-invest"],
                                     "givenAt":"'$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)'","method":"registration-form"}}'

                The reply contains a signupId. Use it for ID:

                  curl -s $INGEST/v1/signups/ID -H "Authorization: Bearer $WEBSITE_KEY"
                  curl -s -X POST $INGEST/v1/signups/ID/withdrawal -H "Authorization: Bearer $WEBSITE_KEY"
                  HANDOFF_KAFKA_BOOTSTRAP_SERVERS=%3$s ./handoff audit trace ID

                A live page over the log for officers, at http://127.0.0.1:8086:

                  HANDOFF_KAFKA_BOOTSTRAP_SERVERS=%3$s ./handoff audit serve

                Send an invented person through, and search for traces after the purge:

                  HANDOFF_KAFKA_BOOTSTRAP_SERVERS=%3$s ./handoff audit canary --ingest %1$s \\
                    --api-key-file %6$s --signing-key-file %7$s

                The interface is described at %1$s/openapi.yaml. Ctrl-C ends it.
                """,
                address,
                policyVersion,
                bootstrapServers,
                installation.websiteKey(),
                site,
                installation.canaryApiKeyFile(),
                installation.canarySigningKeyFile(),
                pages);
    }
}
