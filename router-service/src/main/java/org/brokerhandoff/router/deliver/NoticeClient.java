package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.router.directory.Broker;

/**
 * Speaks to brokers about notices. The stages complete normally whatever the network does; exceptionally only for a bug. They may
 * complete on any thread.
 */
public interface NoticeClient {
    /** Exchanges with one broker at the same time: one that comes back, or is told of much at once, still has handoffs to answer. */
    int MOST_AT_ONCE_PER_BROKER = 8;

    /** Sends a notice, signed, to a broker whose directory entry says where. */
    CompletionStage<NoticeReply> send(Broker broker, BrokerNotice notice, Duration limit);

    /** Asks the broker whether it has done what a notice asks for, signed. */
    CompletionStage<NoticeReply> ask(Broker broker, BrokerNotice notice, Duration limit);
}
