package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.register.SignupStatus;

/** The JSON form of a signup's status. */
final class StatusJson {
    private StatusJson() {}

    static String status(SignupStatus status) {
        return json(status).toString();
    }

    static ObjectNode json(SignupStatus status) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("signupId", status.signupId().toString())
                .put("status", status.state().name())
                .put("receivedAt", status.receivedAt().toString())
                .put("eraseBy", status.eraseBy().toString());
        status.preservedUntil().ifPresent(until -> json.put("extended", true).put("preservedUntil", until.toString()));
        status.broker().ifPresent(broker -> {
            ObjectNode node = json.putObject("broker").put("id", broker.id()).put("name", broker.name());
            broker.privacyPolicy().ifPresent(address -> node.put("privacyPolicy", address));
            broker.cookiePolicy().ifPresent(address -> node.put("cookiePolicy", address));
            broker.contact().ifPresent(contact -> node.put("contact", contact));
        });
        status.purge()
                .ifPresent(purge -> json.putObject("purge")
                        .put("level", purge.level().name())
                        .put("reason", purge.reason().name())
                        .put("at", purge.at().toString()));
        status.withdrawal().ifPresent(withdrawal -> {
            ObjectNode node = json.putObject("withdrawal")
                    .put("at", withdrawal.at().toString())
                    .put("outcome", withdrawal.outcome().name())
                    .put("method", WireNames.of(withdrawal.method()));
            withdrawal.brokerConfirmedAt().ifPresent(at -> node.put("brokerConfirmedAt", at.toString()));
            withdrawal.notice().ifPresent(notice -> {
                ObjectNode told = node.putObject("notice")
                        .put("state", notice.state().name())
                        .put("sendings", notice.sendings());
                notice.sentAt().ifPresent(at -> told.put("sentAt", at.toString()));
                notice.escalatedAt().ifPresent(at -> told.put("escalatedAt", at.toString()));
            });
        });
        return json;
    }
}
