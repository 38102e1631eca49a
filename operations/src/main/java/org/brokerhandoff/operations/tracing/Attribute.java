package org.brokerhandoff.operations.tracing;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The only attributes of a span. Each value is an id that the event log has too, a number, or the name of a constant or a class of this
 * program: there is none for text, so that no personal data can become one.
 */
public sealed interface Attribute {
    /** The name shown by collectors. */
    String key();

    /** A {@link String} or a {@link Long}. */
    Object value();

    /** A signup, or a contact message. */
    record Signup(UUID id) implements Attribute {
        @Override
        public String key() {
            return "handoff.signup.id";
        }

        @Override
        public Object value() {
            return id.toString();
        }
    }

    /** An entry of the broker directory. */
    record Broker(String id) implements Attribute {
        private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,64}");

        /** @throws IllegalArgumentException if {@code id} does not have the form of the directory's ids */
        public Broker {
            if (!FORM.matcher(id).matches()) {
                throw new IllegalArgumentException("not a broker's id");
            }
        }

        @Override
        public String key() {
            return "handoff.broker.id";
        }

        @Override
        public Object value() {
            return id;
        }
    }

    /** The outcome. */
    record Outcome(Enum<?> what) implements Attribute {
        @Override
        public String key() {
            return "handoff.outcome";
        }

        @Override
        public Object value() {
            return what.name();
        }
    }

    /** The published event. */
    record Event(Class<?> type) implements Attribute {
        @Override
        public String key() {
            return "handoff.event";
        }

        @Override
        public Object value() {
            return type.getSimpleName();
        }
    }

    /** The slot's number of attempts, including this one. */
    record Attempt(int number) implements Attribute {
        @Override
        public String key() {
            return "handoff.attempt";
        }

        @Override
        public Object value() {
            return (long) number;
        }
    }

    /** The HTTP status of a response, named after OpenTelemetry's conventions. */
    record Status(int code) implements Attribute {
        @Override
        public String key() {
            return "http.response.status_code";
        }

        @Override
        public Object value() {
            return (long) code;
        }
    }
}
