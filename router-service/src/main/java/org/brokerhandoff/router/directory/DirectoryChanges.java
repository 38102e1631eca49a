package org.brokerhandoff.router.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is different between two versions of the directory, for an operator to read. Pure. */
public final class DirectoryChanges {
    private DirectoryChanges() {}

    /** The changes from {@code before} to {@code after}, a few words each, by broker id; empty if only secrets may differ. */
    public static List<String> between(BrokerDirectory before, BrokerDirectory after) {
        List<String> changes = new ArrayList<>();
        for (Broker broker : after.brokers()) {
            Optional<Broker> old = before.find(broker.id());
            if (old.isEmpty()) {
                changes.add(broker.id() + " added");
                continue;
            }
            List<String> members = members(old.get(), broker);
            add(
                    members,
                    "excluded in",
                    before.countries().countriesExcluding(broker.id()),
                    after.countries().countriesExcluding(broker.id()));
            if (!members.isEmpty()) {
                changes.add(broker.id() + ": " + String.join(", ", members));
            }
        }
        before.brokers().stream()
                .filter(broker -> after.find(broker.id()).isEmpty())
                .forEach(broker -> changes.add(broker.id() + " removed"));
        return changes;
    }

    private static List<String> members(Broker old, Broker broker) {
        List<String> members = new ArrayList<>();
        add(members, "name", old.name(), broker.name());
        add(members, "countries", old.countries(), broker.countries());
        add(members, "languages", old.languages(), broker.languages());
        add(members, "transferBasis", old.transferBasis(), broker.transferBasis());
        add(members, "privacyPolicy", old.privacyPolicy(), broker.privacyPolicy());
        add(members, "endpoint", old.endpoint(), broker.endpoint());
        add(members, "notices", old.notices(), broker.notices());
        add(members, "priority", old.priority(), broker.priority());
        add(members, "weight", old.weight(), broker.weight());
        add(members, "local", old.local(), broker.local());
        add(members, "status", old.status(), broker.status());
        add(members, "terms", old.terms(), broker.terms());
        add(members, "profile", old.profile(), broker.profile());
        add(members, "connection", old.connection(), broker.connection());
        add(members, "fields", old.fields(), broker.fields());
        return members;
    }

    private static void add(List<String> members, String name, Object old, Object now) {
        if (!old.equals(now)) {
            members.add(name);
        }
    }
}
