package org.brokerhandoff.client;

import java.io.Serial;

/** A request was not done. The kinds are what a website does differently; {@link #problem} says more. */
public abstract sealed class IngestException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    private IngestException(Problem problem) {
        super(problem.status() + " " + problem.code());
        this.problem = problem;
    }

    /** What ingest said. */
    public Problem problem() {
        return problem;
    }

    static IngestException of(Problem problem) {
        return switch (problem.status()) {
            case 401, 403 -> new NotAuthorized(problem);
            case 404 -> new NotFound(problem);
            case 409 -> new Conflict(problem);
            case 422 -> new Invalid(problem);
            default -> new Refused(problem);
        };
    }

    /** 422: the person, or the form, has to change something; the idempotency key stays free. */
    public static final class Invalid extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        private Invalid(Problem problem) {
            super(problem);
        }
    }

    /** 409: it contradicts what was submitted, decided or published before. */
    public static final class Conflict extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        private Conflict(Problem problem) {
            super(problem);
        }
    }

    /** 404: there is none, or it is another website's. Certain, not a matter of time. */
    public static final class NotFound extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        private NotFound(Problem problem) {
            super(problem);
        }
    }

    /** 401 or 403: the API key is unknown, or lacks the scope. */
    public static final class NotAuthorized extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        private NotAuthorized(Problem problem) {
            super(problem);
        }
    }

    /** Another refusal: a fault in the program that asked. */
    public static final class Refused extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        private Refused(Problem problem) {
            super(problem);
        }
    }

    /** No answer in time. A submission may have been accepted all the same: send the same one again later. */
    public static final class Unavailable extends IngestException {
        @Serial
        private static final long serialVersionUID = 1L;

        Unavailable(Problem problem) {
            super(problem);
        }
    }
}
