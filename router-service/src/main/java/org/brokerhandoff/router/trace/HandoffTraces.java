package org.brokerhandoff.router.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.operations.tracing.TracedSpan;
import org.brokerhandoff.operations.tracing.Tracing;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.PurgeLog;

/**
 * The traces of the signups that this router processes. Each record starts its own trace, linked to the span in which the
 * record was published: by ingest, or by the router that parked it. Thread-safe.
 *
 * <p>A trace is known until the purge is published. The oldest are forgotten, so that memory stays bounded whatever becomes of a purge. What
 * is done for a signup whose trace is not known, such as a purge after a restart, is not traced.
 */
public final class HandoffTraces {
    /** Where nothing is traced. */
    public static final HandoffTraces OFF = new HandoffTraces(Tracing.OFF);

    private static final int MOST_KNOWN = 65_536;

    private final Tracing tracing;
    private final Map<UUID, TracedSpan> known = new LinkedHashMap<>(); // guarded by this object's monitor

    /** The traces of a router. */
    public HandoffTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /** The work on a record begins, which was published in the span {@code link}. */
    public void begins(UUID signupId, Optional<TraceLink> link) {
        if (tracing.on()) {
            know(signupId, tracing.begin(Operation.HANDOFF, link).with(new Attribute.Signup(signupId)));
        }
    }

    /** It ended, or was left to another router. */
    public void ended(UUID signupId, Optional<? extends Enum<?>> how) {
        TracedSpan span = of(signupId);
        how.ifPresent(outcome -> span.with(new Attribute.Outcome(outcome)));
        span.end();
    }

    /** It failed. */
    public void failed(UUID signupId) {
        of(signupId).failed().end();
    }

    /** The span of the work on the signup's record, which may have ended; of what is not known, none. */
    public synchronized TracedSpan of(UUID signupId) {
        return known.getOrDefault(signupId, TracedSpan.NONE);
    }

    /** Nothing more is to come of a signup. */
    synchronized void forget(UUID signupId) {
        known.remove(signupId);
    }

    private synchronized void know(UUID signupId, TracedSpan span) {
        // Taken out first: a key that is put again keeps its old place in the order.
        known.remove(signupId);
        known.put(signupId, span);
        if (known.size() > MOST_KNOWN) {
            known.remove(known.keySet().iterator().next());
        }
    }

    /** A custody whose offers and erasures are traced. */
    public KeyCustody around(KeyCustody custody) {
        return tracing.on() ? new TracedCustody(custody, this) : custody;
    }

    /** A log of which each record is traced. */
    public SignupLog around(SignupLog log) {
        return tracing.on() ? new TracedSignupLog(log, this) : log;
    }

    /** A client of which each attempt is traced. */
    public BrokerClient around(BrokerClient client) {
        return tracing.on() ? new TracedBrokerClient(client, this) : client;
    }

    /** A log of which each purge is traced. */
    public PurgeLog around(PurgeLog log) {
        return tracing.on() ? new TracedPurgeLog(log, this) : log;
    }
}
