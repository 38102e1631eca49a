package org.brokerhandoff.router;

import java.util.function.UnaryOperator;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.handoff.PlaceBook;
import org.brokerhandoff.router.handoff.SignupLog;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;

/** What stands around the parts at which the world can be seen to go wrong: for tests that make it do so. */
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
