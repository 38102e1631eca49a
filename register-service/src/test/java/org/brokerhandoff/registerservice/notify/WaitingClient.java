package org.brokerhandoff.registerservice.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.NoticeClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.directory.Broker;

/** Keeps requests pending until they are answered. */
final class WaitingClient implements NoticeClient {
    final Map<String, List<CompletableFuture<NoticeReply>>> open = new HashMap<>();
    final List<String> ids = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger questions = new AtomicInteger();

    @Override
    public synchronized CompletionStage<NoticeReply> send(Broker broker, BrokerNotice notice, Duration limit) {
        ids.add(notice.webhookId());
        CompletableFuture<NoticeReply> reply = new CompletableFuture<>();
        open.computeIfAbsent(broker.id(), id -> new ArrayList<>()).add(reply);
        return reply;
    }

    @Override
    public CompletionStage<NoticeReply> ask(Broker broker, BrokerNotice notice, Duration limit) {
        questions.incrementAndGet();
        return send(broker, notice, limit);
    }

    synchronized int open(String broker) {
        return open.getOrDefault(broker, List.of()).size();
    }

    void answerAll(String broker, NoticeReply reply) {
        List<CompletableFuture<NoticeReply>> waiting;
        synchronized (this) {
            waiting = List.copyOf(open.getOrDefault(broker, List.of()));
            open.remove(broker);
        }
        waiting.forEach(each -> each.complete(reply));
    }
}
