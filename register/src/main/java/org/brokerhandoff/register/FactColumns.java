package org.brokerhandoff.register;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Undeliverable;

/**
 * The columns that each kind of event fills in the row of its signup, and the statement for any combination of kinds. Few combinations occur
 * in practice, so each is prepared once per batch and reused for many rows.
 */
enum FactColumns {
    GRANTED(
            List.of(
                    "received_at",
                    "erase_by",
                    "record_version",
                    "policy_version",
                    "notice_digest",
                    "form_digest",
                    "language",
                    "purposes",
                    "data_categories",
                    "recipients",
                    "jurisdiction",
                    "withdrawal_method",
                    "given_at",
                    "method",
                    "owner",
                    "declared_age"),
            "signup.received_at IS NULL") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.granted != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            ConsentGranted e = Objects.requireNonNull(facts.granted);
            int i = first;
            time(to, i++, e.getReceivedAt());
            time(to, i++, e.getEraseBy());
            to.setInt(i++, e.getRecordVersion());
            to.setString(i++, e.getPolicyVersion());
            to.setBytes(i++, e.getNoticeDigest().bytes());
            if (e.getFormDigest() == null) {
                to.setNull(i++, Types.BINARY);
            } else {
                to.setBytes(i++, e.getFormDigest().bytes());
            }
            to.setString(i++, e.getLanguage());
            to.setString(i++, list(e.getPurposes()));
            to.setString(i++, list(e.getDataCategories()));
            to.setString(i++, String.join(",", e.getRecipients()));
            to.setString(i++, e.getJurisdiction());
            to.setString(i++, e.getWithdrawalMethod().name());
            time(to, i++, e.getGivenAt());
            to.setString(i++, e.getMethod().name());
            to.setString(i++, e.getOwner());
            if (e.getDeclaredAge() == null) {
                to.setNull(i, Types.INTEGER);
            } else {
                to.setInt(i, e.getDeclaredAge());
            }
        }
    },
    /** A signup id denotes a consent or a message, never both: the columns that both fill are the same. */
    CONTACT(
            List.of("received_at", "erase_by", "purposes", "data_categories", "recipients", "owner"),
            "signup.received_at IS NULL") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.contact != null && facts.granted == null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            ContactReceived e = Objects.requireNonNull(facts.contact);
            time(to, first, e.getReceivedAt());
            time(to, first + 1, e.getEraseBy());
            to.setString(first + 2, list(e.getPurposes()));
            to.setString(first + 3, list(e.getDataCategories()));
            to.setString(first + 4, String.join(",", e.getRecipients()));
            to.setString(first + 5, e.getOwner());
        }
    },
    WITHDRAWN(
            List.of(
                    "withdrawn_at",
                    "withdrawn_by",
                    "withdrawal_outcome"), // The router knows a withdrawal from custody alone; who took it in may tell
            // more later.
            "signup.withdrawn_at IS NULL OR signup.withdrawn_by = 'NOT_RECORDED'") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.withdrawn != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            ConsentWithdrawn e = Objects.requireNonNull(facts.withdrawn);
            time(to, first, e.getWithdrawnAt());
            to.setString(first + 1, e.getMethod().name());
            to.setString(first + 2, e.getOutcome().name());
        }
    },
    ASSIGNED(
            List.of("assigned_hop", "assigned_broker", "assigned_at"),
            "signup.assigned_hop IS NULL OR signup.assigned_hop < excluded.assigned_hop") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.assigned != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            Assigned e = Objects.requireNonNull(facts.assigned);
            to.setInt(first, e.getHop());
            to.setString(first + 1, e.getBroker());
            time(to, first + 2, e.getDecidedAt());
        }
    },
    DELIVERED(List.of("delivered_at", "delivered_broker"), "signup.delivered_at IS NULL") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.delivered != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            Delivered e = Objects.requireNonNull(facts.delivered);
            time(to, first, e.getAcceptedAt());
            to.setString(first + 1, e.getBroker());
        }
    },
    UNDELIVERABLE(List.of("undeliverable_at", "undeliverable_reason"), "signup.undeliverable_at IS NULL") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.undeliverable != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            Undeliverable e = Objects.requireNonNull(facts.undeliverable);
            time(to, first, e.getDecidedAt());
            to.setString(first + 1, e.getReason().name());
        }
    },
    PURGED(List.of("purged_at", "purge_level", "purge_reason"), "signup.purged_at IS NULL") {
        @Override
        boolean in(SignupFacts facts) {
            return facts.purged != null;
        }

        @Override
        void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException {
            Purged e = Objects.requireNonNull(facts.purged);
            time(to, first, e.getPurgedAt());
            to.setString(first + 1, e.getLevel().name());
            to.setString(first + 2, e.getReason().name());
        }
    };

    private static final FactColumns[] ALL = values();
    private static final List<String> UPSERTS = upserts();

    private final List<String> columns;
    private final String replaces;

    /** {@code replaces}: when an event of this kind overwrites the row's value. */
    FactColumns(List<String> columns, String replaces) {
        this.columns = columns;
        this.replaces = replaces;
    }

    abstract boolean in(SignupFacts facts);

    abstract void bind(SignupFacts facts, PreparedStatement to, int first) throws SQLException;

    /** Number of combinations. */
    static int combinations() {
        return UPSERTS.size();
    }

    /** The combination of kinds that {@code facts} has. */
    static int combination(SignupFacts facts) {
        int combination = 0;
        for (int kind = 0; kind < ALL.length; kind++) {
            if (ALL[kind].in(facts)) {
                combination |= 1 << kind;
            }
        }
        return combination;
    }

    /** The statement for a combination; its first parameter is the signup id. */
    static String upsert(int combination) {
        return UPSERTS.get(combination);
    }

    /** Binds all parameters of a combination's statement except the first. */
    static void bindAll(int combination, SignupFacts facts, PreparedStatement to) throws SQLException {
        int parameter = 2;
        for (int kind = 0; kind < ALL.length; kind++) {
            if ((combination & 1 << kind) != 0) {
                ALL[kind].bind(facts, to, parameter);
                parameter += ALL[kind].columns.size();
            }
        }
    }

    private static List<String> upserts() {
        List<String> upserts = new ArrayList<>();
        for (int combination = 0; combination < 1 << ALL.length; combination++) {
            upserts.add(upsertOf(combination));
        }
        return List.copyOf(upserts);
    }

    private static String upsertOf(int combination) {
        List<String> columns = new ArrayList<>(List.of("signup_id"));
        List<String> updates = new ArrayList<>();
        for (int bit = 0; bit < ALL.length; bit++) {
            if ((combination & 1 << bit) != 0) {
                FactColumns kind = ALL[bit];
                columns.addAll(kind.columns);
                kind.columns.forEach(column -> updates.add(column + " = CASE WHEN " + kind.replaces + " THEN excluded."
                        + column + " ELSE signup." + column + " END"));
            }
        }
        String parameters = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO signup (" + String.join(", ", columns) + ") VALUES (" + parameters
                + ") ON CONFLICT (signup_id) DO " + (updates.isEmpty() ? "NOTHING" : "UPDATE SET ")
                + String.join(", ", updates);
    }

    private static void time(PreparedStatement to, int parameter, Instant time) throws SQLException {
        to.setLong(parameter, time.toEpochMilli());
    }

    private static String list(List<? extends Enum<?>> values) {
        return values.size() == 1
                ? values.get(0).name()
                : values.stream().map(Enum::name).collect(Collectors.joining(","));
    }

    /** All columns of the table {@code signup}, in the order of the statements. */
    static List<String> allColumns() {
        List<String> columns = new ArrayList<>(List.of("signup_id"));
        Arrays.stream(ALL).forEach(kind -> columns.addAll(kind.columns));
        return columns;
    }
}
