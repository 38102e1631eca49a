package org.brokerhandoff.operations.http;

import io.vertx.core.Future;
import java.net.BindException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A listener could not be started. The message names the address, the reason, and what to do. */
public final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CannotListen(String message) {
        super(message);
    }

    /**
     * Recovers the future of a failed listener with an error that says what to do.
     *
     * @param setting the setting of the port, such as {@code HANDOFF_HTTP_PORT}
     */
    public static <T> Function<Throwable, Future<T>> at(String host, int port, String setting) {
        return failure -> Future.failedFuture(new CannotListen(
                "cannot listen on " + host + ":" + port + ": " + reason(failure) + "; set " + setting));
    }

    /** A port found occupied before a listener was started on it; for the quickstart. */
    public static CannotListen portTaken(String host, int port) {
        return new CannotListen("cannot listen on " + host + ":" + port
                + ": the port is taken by another program; choose another with --port, or any free one with --port 0");
    }

    /** The message of a failed start for people: this failure's message wherever it is among the causes, otherwise the first's. */
    public static String message(Throwable failure) {
        return among(failure).map(Throwable::getMessage).orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    private static Optional<Throwable> among(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotListen) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }

    private static String reason(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        if (!(failure instanceof BindException) && !(failure.getCause() instanceof BindException)) {
            return failure.getClass().getSimpleName() + ": " + said;
        }
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return "the port is taken by another program";
        }
        if (lower.contains("permission")) {
            return "this user is not allowed to use the port";
        }
        return lower.contains("assign") ? "this machine has no such address" : said;
    }
}
