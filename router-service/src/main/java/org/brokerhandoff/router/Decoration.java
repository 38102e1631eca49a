package org.brokerhandoff.router;

import java.util.function.UnaryOperator;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.handoff.PlaceBook;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;

/** Wraps the parts at which outside failures show: for tests that cause them. */
record Decoration(
        UnaryOperator<KeyCustody> custody,
        UnaryOperator<SignupLog> log,
        UnaryOperator<BrokerClient> client,
        UnaryOperator<LogCutter> cutter,
        UnaryOperator<PurgeLog> purgeLog,
        UnaryOperator<PlaceBook> places) {
    static final Decoration NONE = new Decoration(
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity(),
            UnaryOperator.identity());
}
