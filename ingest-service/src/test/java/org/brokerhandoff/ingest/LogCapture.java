package org.brokerhandoff.ingest;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Everything that this JVM logs at TRACE. Exclusive: a test that uses it takes {@link #LOCK}. */
final class LogCapture implements AutoCloseable {
    /** The resource that only one test can hold at a time. */
    static final String LOCK = "the JVM's log";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final ch.qos.logback.core.Appender<ILoggingEvent> console = root.getAppender("stdout");

    LogCapture(ByteArrayOutputStream to) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %logger %msg%n%ex");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(to);
        appender.start();
    }

    void begin() {
        root.detachAppender(console);
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        // Production keeps these at WARN on purpose: at TRACE the wire itself is logged.
        for (String library : List.of("io.netty", "io.vertx", "org.apache.kafka", "jdk.internal.httpclient")) {
            context.getLogger(library).setLevel(Level.WARN);
        }
    }

    @Override
    public void close() {
        root.setLevel(Level.ERROR);
        root.detachAppender(appender);
        root.addAppender(console);
        appender.stop();
    }
}
