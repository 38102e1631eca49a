package org.brokerhandoff.router.directory;

import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * How a broker is reached.
 *
 * @param tls what is trusted and shown, beyond what the JDK trusts
 * @param limits what the broker takes at most
 * @param authorization a header that it wants on every request
 * @param http2 whether HTTP/2 is offered by ALPN; spoken only if the broker chooses it, and never without TLS
 */
public record Connection(Tls tls, Limits limits, Optional<Authorization> authorization, boolean http2) {
    /**
     * Certificates, as the files that the directory names had them when it was read.
     *
     * @param authorities what the broker's certificate has to come from, instead of what the JDK trusts
     * @param certificate this system's own certificate chain, for brokers that ask for one
     * @param key the private key of that certificate
     */
    public record Tls(Optional<PemFile> authorities, Optional<PemFile> certificate, Optional<PemFile> key) {
        /** What the JDK trusts, and no certificate of one's own. */
        public static final Tls PLAIN = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

        /**
         * What decides on the broker's certificate, if not the JDK's own authorities. Made of the same objects that were looked at
         * when the directory was read.
         */
        public Optional<TrustManager> trust() {
            return authorities.map(pem -> TlsMaterial.trust(pem).orElseThrow());
        }

        /** What shows this system's certificate, if there is one. */
        public Optional<X509KeyManager> identity() {
            return certificate.flatMap(chain ->
                    key.map(secret -> TlsMaterial.identity(chain, secret).orElseThrow()));
        }
    }

    /**
     * What the broker takes at most.
     *
     * @param perSecond attempts that start in one second, of all routers together
     * @param concurrent attempts of one router at the same time
     */
    public record Limits(OptionalInt perSecond, OptionalInt concurrent) {
        /** None. */
        public static final Limits NONE = new Limits(OptionalInt.empty(), OptionalInt.empty());
    }

    /** What holds where the directory says nothing of it. */
    public static final Connection PLAIN = new Connection(Tls.PLAIN, Limits.NONE, Optional.empty(), true);
}
