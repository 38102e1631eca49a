package org.brokerhandoff.router;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** X.509 certificates of every quality, for tests of TLS; the JDK can read but not write them. */
public final class Certificates {
    private static final byte[] ECDSA_SHA256 = bytes(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
    private static final byte[] COMMON_NAME = bytes(0x06, 0x03, 0x55, 0x04, 0x03);
    private static final byte[] BASIC_CONSTRAINTS = bytes(0x06, 0x03, 0x55, 0x1d, 0x13);
    private static final byte[] ALTERNATIVE_NAME = bytes(0x06, 0x03, 0x55, 0x1d, 0x11);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicInteger SERIAL = new AtomicInteger(1);

    private Certificates() {}

    /** A certificate and its key. */
    public record Issued(X509Certificate certificate, PrivateKey key) {
        /** The certificate in PEM form. */
        public String certificatePem() {
            try {
                return pem("CERTIFICATE", certificate.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The key in PEM form. */
        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** A certificate for {@code host}, signed by this one. */
        public Issued issue(String host, Instant notBefore, Instant notAfter) {
            return make(host, certificate.getSubjectX500Principal().getEncoded(), key, notBefore, notAfter, false);
        }

        /** A certificate for {@code host}, valid now, signed by this one. */
        public Issued issue(String host) {
            return issue(host, Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600));
        }
    }

    /** An authority. */
    public static Issued authority(String name) {
        return make(
                name,
                new byte[0],
                null,
                Instant.now().minusSeconds(7200),
                Instant.now().plusSeconds(7200),
                true);
    }

    private static Issued make(
            String name,
            byte[] issuer,
            @Nullable PrivateKey issuerKey,
            Instant notBefore,
            Instant notAfter,
            boolean authority) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] subject = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, utf8(name)))));
            byte[] extension = authority
                    ? sequence(BASIC_CONSTRAINTS, bytes(0x01, 0x01, 0xff), der(0x04, sequence(bytes(0x01, 0x01, 0xff))))
                    : sequence(ALTERNATIVE_NAME, der(0x04, sequence(alternativeName(name))));
            byte[] body = sequence(
                    der(0xa0, bytes(0x02, 0x01, 0x02)),
                    der(0x02, bytes(SERIAL.getAndIncrement() & 0x7f)),
                    sequence(ECDSA_SHA256),
                    authority ? subject : issuer,
                    sequence(der(0x18, utf8(TIME.format(notBefore))), der(0x18, utf8(TIME.format(notAfter)))),
                    subject,
                    pair.getPublic().getEncoded(),
                    der(0xa3, sequence(extension)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuerKey == null ? pair.getPrivate() : issuerKey);
            signature.update(body);
            byte[] whole = sequence(body, sequence(ECDSA_SHA256), der(0x03, join(bytes(0), signature.sign())));
            return new Issued(
                    (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole)),
                    pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A name, or an address in its place. */
    private static byte[] alternativeName(String name) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        return address == null ? der(0x82, utf8(name)) : der(0x87, address);
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, join(parts));
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xff);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
