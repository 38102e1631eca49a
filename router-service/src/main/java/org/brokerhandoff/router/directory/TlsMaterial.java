package org.brokerhandoff.router.directory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * Certificates and keys as the JDK reads them, once for the check of the directory and for the client: a file that another reader would
 * read otherwise, or not at all, would pass the check and fail in every handshake. Pure.
 */
final class TlsMaterial {
    private static final String ALIAS = "own";
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private TlsMaterial() {}

    /** The certificates in a file, whatever their PEM blocks are called; empty if there are none. */
    static List<Certificate> certificates(PemFile pem) {
        try {
            return List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.content())));
        } catch (GeneralSecurityException notCertificates) {
            return List.of();
        }
    }

    /** Trusts what comes from one of these authorities; empty if the file holds none. */
    static Optional<TrustManager> trust(PemFile authorities) {
        List<Certificate> certificates = certificates(authorities);
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return Stream.of(managers.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .findFirst();
        } catch (GeneralSecurityException | IOException unusable) {
            return Optional.empty();
        }
    }

    /** Shows this chain, whose first certificate is the key's; empty if they do not belong together. */
    static Optional<X509KeyManager> identity(PemFile chain, PemFile key) {
        List<Certificate> certificates = certificates(chain);
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        return privateKey(key, certificates.get(0).getPublicKey()).flatMap(secret -> {
            try {
                KeyStore store = emptyStore();
                store.setKeyEntry(ALIAS, secret, new char[0], certificates.toArray(Certificate[]::new));
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(store, new char[0]);
                return Stream.of(managers.getKeyManagers())
                        .filter(X509KeyManager.class::isInstance)
                        .map(X509KeyManager.class::cast)
                        .findFirst();
            } catch (GeneralSecurityException | IOException unusable) {
                return Optional.empty();
            }
        });
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** The key, if it is the one of {@code publicKey}: another would fail in every handshake, and only there. */
    private static Optional<PrivateKey> privateKey(PemFile pem, PublicKey publicKey) {
        Matcher matcher = KEY.matcher(new String(pem.content(), StandardCharsets.UTF_8));
        String algorithm = publicKey.getAlgorithm();
        if (!matcher.find() || !(algorithm.equals("RSA") || algorithm.equals("EC"))) {
            return Optional.empty();
        }
        try {
            PrivateKey key = KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1))));
            Signature signature = Signature.getInstance(algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            byte[] probe = {1, 2, 3};
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException notKey) {
            return Optional.empty();
        }
    }
}
