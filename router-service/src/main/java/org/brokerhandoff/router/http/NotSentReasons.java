package org.brokerhandoff.router.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.brokerhandoff.event.NotSentReason;

/** Why a request was not sent, from the exceptions of the client's libraries. Pure and total. */
final class NotSentReasons {
    private NotSentReasons() {}

    /** The reason that {@code failure}, or what caused it, stands for; what is nearer to the cause says more. */
    static NotSentReason of(Throwable failure) {
        NotSentReason reason = NotSentReason.CLIENT_FAILED;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            Optional<NotSentReason> known = known(each);
            if (known.isPresent()) {
                reason = known.get();
            }
        }
        return reason;
    }

    private static Optional<NotSentReason> known(Throwable failure) {
        if (failure instanceof Destination.Refused) {
            return Optional.of(NotSentReason.ADDRESS_REFUSED);
        } else if (failure instanceof ConnectionGuards.CertificateRefused) {
            return Optional.of(NotSentReason.CLIENT_CERTIFICATE_REFUSED);
        } else if (failure instanceof ReplyGuard.NotClean) {
            return Optional.of(NotSentReason.CONNECTION_UNCLEAN);
        } else if (failure instanceof UnknownHostException) {
            return Optional.of(NotSentReason.NAME_UNKNOWN);
        } else if (failure instanceof CertificateException
                || failure instanceof CertPathValidatorException
                || failure instanceof CertPathBuilderException) {
            return Optional.of(NotSentReason.CERTIFICATE_REJECTED);
        } else if (failure instanceof SSLException) {
            return Optional.of(
                    ConnectionGuards.refusal(failure).isPresent()
                            ? NotSentReason.CLIENT_CERTIFICATE_REFUSED
                            : NotSentReason.TLS_FAILED);
        } else if (failure instanceof ProxyConnectException) {
            return Optional.of(NotSentReason.PROXY_FAILED);
        } else if (failure instanceof TimeoutException || failure instanceof ConnectTimeoutException) {
            return Optional.of(NotSentReason.NO_CONNECTION_IN_TIME);
        } else if (failure instanceof IOException || failure instanceof VertxException) {
            return Optional.of(NotSentReason.UNREACHABLE);
        }
        return Optional.empty();
    }
}
