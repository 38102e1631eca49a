package org.brokerhandoff.router.notify;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.router.directory.Broker;

/**
 * Speaks to brokers about notices. The stages complete normally whatever the network does; exceptionally only for a bug. They may
 * complete on any thread.
 */
public interface NoticeClient {
    /** Sends a notice, signed, to a broker whose directory entry says where. */
    CompletionStage<NoticeReply> send(Broker broker, Notice notice, Duration limit);

    /** Asks the broker whether it has done what a notice asks for, signed. */
    CompletionStage<NoticeReply> ask(Broker broker, Notice notice, Duration limit);
}
