package org.brokerhandoff.router.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handlers that this system adds to each connection of its HTTP client before anything is written. */
final class ConnectionGuards {
    /** Set on a channel whose peer has certainly taken nothing of the request that failed on it, and why. */
    static final AttributeKey<Throwable> NOTHING_TAKEN = AttributeKey.valueOf(ConnectionGuards.class, "nothing-taken");

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");
    private static final Set<String> REFUSALS = Set.of(
            "certificate_required",
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuards.class);

    private ConnectionGuards() {}

    /**
     * To be called for each new connection, on its event loop.
     *
     * @param refused is told if the peer refuses this system's certificate when the handshake seemed to be over
     */
    static void install(HttpConnection connection, Consumer<Exception> refused) {
        if (!(connection instanceof HttpClientConnection inner)) {
            throw new IllegalStateException("a connection of another client: " + connection.getClass());
        }
        Channel channel = inner.channelHandlerContext().channel();
        if (connection.protocolVersion() == HttpVersion.HTTP_2) {
            StreamReplyGuard.install(channel.pipeline());
        } else {
            ReplyGuard.install(channel.pipeline());
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && "TLSv1.3".equals(tls.engine().getSession().getProtocol())) {
            channel.pipeline().addAfter(channel.pipeline().context(tls).name(), "refusals", new Refusals(refused));
        }
        // What ends in the middle of an exchange ends that exchange, which says so; the rest is of no interest to a
        // person.
        connection.exceptionHandler(failure ->
                LOG.debug("a connection failed: {}", failure.getClass().getSimpleName()));
    }

    /** Why nothing can have been taken of a request that failed on {@code connection}, if that is certain. */
    static Optional<Throwable> nothingTaken(HttpConnection connection) {
        return connection instanceof HttpClientConnection inner
                ? Optional.ofNullable(inner.channelHandlerContext()
                        .channel()
                        .attr(NOTHING_TAKEN)
                        .get())
                : Optional.empty();
    }

    /** The alert by which the peer's TLS refused this system's certificate, if that is what {@code failure} says. */
    static Optional<String> refusal(Throwable failure) {
        Matcher alert = ALERT.matcher(String.valueOf(failure.getMessage()));
        return alert.find() && REFUSALS.contains(alert.group(1)) ? Optional.of(alert.group(1)) : Optional.empty();
    }

    /** The broker's TLS did not let this system in. */
    static final class CertificateRefused extends Exception {
        private static final long serialVersionUID = 1;

        CertificateRefused(String alert) {
            super(alert, null, false, false);
        }
    }

    /**
     * Notices that the peer refuses this system's certificate, or misses one. In TLS 1.3 the client has finished its part of the
     * handshake, and sent a request, before the server has looked at the certificate: the refusal comes as an alert in place of the
     * first data. The server has not finished its handshake then, and hands no data to its application before it has.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8446.html#section-4.4.2.4">RFC 8446, 4.4.2.4 and 6.2</a>
     */
    private static final class Refusals extends ChannelInboundHandlerAdapter {
        private final Consumer<Exception> refused;
        private boolean heard;

        Refusals(Consumer<Exception> refused) {
            this.refused = refused;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            heard = true;
            context.fireChannelRead(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            for (Throwable each = cause; each != null && !heard; each = each.getCause()) {
                refusal(each).map(CertificateRefused::new).ifPresent(refusal -> {
                    context.channel().attr(NOTHING_TAKEN).set(refusal);
                    refused.accept(refusal);
                });
            }
            context.fireExceptionCaught(cause);
        }
    }
}
