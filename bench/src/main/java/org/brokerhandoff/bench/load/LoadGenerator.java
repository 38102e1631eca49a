package org.brokerhandoff.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.brokerhandoff.quickstart.sample.SamplePeople;

/**
 * Open-loop load generator: sends signups at given rates, whether or not earlier ones were answered. A request without a free connection
 * waits, and its time is measured from its due time, so that a stalled server cannot hide how long others would have waited. It never
 * retries.
 *
 * <p>Commands: {@code prepare PORTS CONNECTIONS SCHEDULE FIRST-PERSON POLICY RECIPIENT API-KEY} prepares requests and connections for a {@link
 * RateSchedule}; {@code go FILE} sends, writes the times of requests answered 202 (due, answered) and prints {@code ACCEPTED OTHERS LOST
 * LAG}: the number of each kind, and the 99th percentile of microseconds by which a request with a free connection was sent late; {@code
 * answers FILE} writes the answers to all requests of that run.
 */
public final class LoadGenerator {
    private static final String ID = "\"signupId\":\"";
    private static final int UUID_LENGTH = 36;
    private static final String RETRY_AFTER = "\r\nretry-after:";
    private static final int ACCEPTED = 202;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Vertx vertx;
    private final List<Connection> connections = new ArrayList<>();
    private List<Buffer> requests = List.of();
    private RateSchedule schedule = new RateSchedule(List.of());
    private List<Answer> answers = List.of();

    private LoadGenerator(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        LoadGenerator generator = new LoadGenerator(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)));
        Commands.serve("ready", generator::answer);
        System.exit(0);
    }

    private String answer(String... words) throws Exception {
        if (words[0].equals("go")) {
            Run run = new Run();
            vertx.runOnContext(started -> run.start());
            return run.finished
                    .thenApply(done -> run.summary(Path.of(words[1])))
                    .get();
        } else if (words[0].equals("answers")) {
            Answer.write(Path.of(words[1]), answers);
            return "written";
        }
        schedule = RateSchedule.parse(words[3]);
        requests = requests(schedule.requests(), Integer.parseInt(words[4]), words[5], words[6], words[7]);
        connect(Arrays.stream(words[1].split(",", -1)).map(Integer::valueOf).toList(), Integer.parseInt(words[2]));
        return "ready";
    }

    private static List<Buffer> requests(int count, int first, String policy, String recipient, String apiKey) {
        List<Buffer> made = new ArrayList<>();
        Instant now = Instant.now();
        for (int i = 0; i < count; i++) {
            byte[] body = SamplePeople.signupRequest(SamplePeople.person(first + i), policy, List.of(recipient), now);
            made.add(Buffer.buffer("POST /v1/signups HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                            + "authorization: Bearer " + apiKey + "\r\nidempotency-key: " + UUID.randomUUID()
                            + "\r\ncontent-length: " + body.length + "\r\n\r\n")
                    .appendBytes(body));
        }
        return made;
    }

    /** Each port in turn. */
    private void connect(List<Integer> ports, int count) {
        connections.forEach(Connection::close);
        connections.clear();
        NetClient client = vertx.createNetClient();
        List<Future<NetSocket>> opening = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opening.add(client.connect(ports.get(i % ports.size()), "127.0.0.1"));
        }
        Future.all(opening).toCompletionStage().toCompletableFuture().join();
        for (int i = 0; i < count; i++) {
            connections.add(new Connection(
                    client, ports.get(i % ports.size()), opening.get(i).result()));
        }
    }

    /**
     * One connection, with at most one request at a time. A server closes a connection that is idle for too long, also one that was never
     * used; another one then replaces it.
     */
    private static final class Connection implements MessageCutter.Listener {
        private static final int NONE = -1;

        private final int port;
        private final NetClient client;
        private NetSocket socket;
        private volatile Run run;
        private int request = NONE;
        private long sentNanos;
        private boolean closing;

        @SuppressWarnings("NullAway.Init") // the run comes before the first request
        Connection(NetClient client, int port, NetSocket socket) {
            this.client = client;
            this.port = port;
            use(socket);
        }

        private void use(NetSocket next) {
            socket = next;
            next.handler(new MessageCutter(this)::take);
            next.closeHandler(closed -> ended());
        }

        private void ended() {
            if (closing) {
                return;
            }
            boolean answerIsMissing = request != NONE;
            request = NONE;
            if (run != null) {
                run.ended(this, answerIsMissing);
            }
            var unused = client.connect(port, "127.0.0.1").onSuccess(next -> {
                use(next);
                if (run != null) {
                    run.free(this);
                }
            });
        }

        void close() {
            closing = true;
            socket.close();
        }

        @Override
        public void begun() {
            // The time counts until the whole reply has arrived.
        }

        @Override
        public void complete(String head, String body) {
            int answered = request;
            request = NONE;
            if (answered == NONE) {
                // The server's reason for closing an idle connection; it answers no request.
                return;
            }
            int at = head.indexOf(' ') + 1;
            run.answered(this, answered, Integer.parseInt(head.substring(at, at + 3)), head, body);
        }
    }

    /** One run over the prepared requests; entirely on the event loop. */
    private final class Run {
        private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
        private final Deque<Connection> free = new ArrayDeque<>();
        private final Deque<Integer> waiting = new ArrayDeque<>();
        private final Map<UUID, SignupTimes> accepted = new HashMap<>();
        private final List<Answer> answered = new ArrayList<>();
        private final Histogram lagMicros = new Histogram(3);
        private long startNanos;
        private long startMicros;
        private int due;
        private int others;
        private int lost;

        void start() {
            connections.forEach(connection -> {
                connection.run = this;
                free.add(connection);
            });
            startNanos = System.nanoTime();
            startMicros = SignupTimes.nowMicros();
            vertx.setPeriodic(1, timer -> {
                sendDue();
                if (ended()) {
                    vertx.cancelTimer(timer);
                    finished.complete(true);
                }
            });
        }

        private boolean ended() {
            return accepted.size() + others + lost == requests.size()
                    || System.nanoTime() - startNanos > schedule.dueNanos(requests.size()) + PATIENCE_NANOS;
        }

        private void sendDue() {
            long elapsed = System.nanoTime() - startNanos;
            while (due < requests.size() && schedule.dueNanos(due) <= elapsed) {
                if (free.isEmpty()) {
                    waiting.add(due);
                } else {
                    lagMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(elapsed - schedule.dueNanos(due)));
                    send(free.removeFirst(), due);
                }
                due++;
            }
        }

        private void send(Connection connection, int request) {
            connection.request = request;
            connection.sentNanos = System.nanoTime();
            var unused = connection.socket.write(requests.get(request));
        }

        void answered(Connection connection, int request, int status, String head, String body) {
            long dueNanos = schedule.dueNanos(request);
            answered.add(new Answer(
                    request,
                    status,
                    MessageCutter.field(head, RETRY_AFTER).isPresent(),
                    TimeUnit.NANOSECONDS.toMicros(connection.sentNanos - startNanos - dueNanos),
                    TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - connection.sentNanos)));
            if (status == ACCEPTED) {
                int from = body.indexOf(ID) + ID.length();
                accepted.put(
                        UUID.fromString(body.substring(from, from + UUID_LENGTH)),
                        new SignupTimes(
                                startMicros + TimeUnit.NANOSECONDS.toMicros(dueNanos), SignupTimes.nowMicros()));
            } else {
                others++;
            }
            free(connection);
        }

        /** The connection for the next request. All are used in turn, as those of many websites are. */
        void free(Connection connection) {
            if (waiting.isEmpty()) {
                free.addLast(connection);
            } else {
                send(connection, waiting.pop());
            }
        }

        void ended(Connection connection, boolean answerIsMissing) {
            free.remove(connection);
            if (answerIsMissing) {
                lost++;
            }
        }

        String summary(Path file) {
            answers = answered;
            try {
                SignupTimes.write(file, accepted);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return accepted.size() + " " + others + " " + (requests.size() - accepted.size() - others) + " "
                    + lagMicros.getValueAtPercentile(99);
        }
    }
}
