package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the members {@code tls}, {@code limits}, {@code authorization} and {@code http2} of a broker. Pure. */
final class ConnectionParser {
    /** The members of a broker that are read here. */
    static final Set<String> MEMBERS = Set.of("tls", "limits", "authorization", "http2");

    private static final Set<String> TLS_MEMBERS = Set.of("caFile", "certificateFile", "keyFile");
    private static final Set<String> LIMITS_MEMBERS = Set.of("perSecond", "concurrent");
    private static final Set<String> AUTHORIZATION_MEMBERS = Set.of("header", "secretFile");
    private static final int MOST_PER_SECOND = 100_000;
    private static final int MOST_CONCURRENT = 10_000;
    private final NamedFiles files;
    private final Consumer<DirectoryProblem> problems;

    private ConnectionParser(NamedFiles files, Consumer<DirectoryProblem> problems) {
        this.files = files;
        this.problems = problems;
    }

    /**
     * The connection of a broker.
     *
     * @param place of the broker in the directory
     * @param broker all of the broker's members
     * @param files the files that the directory names
     * @param problems takes what is wrong; then the result is of no use
     */
    static Connection parse(String place, JsonNode broker, NamedFiles files, Consumer<DirectoryProblem> problems) {
        return new ConnectionParser(files, problems).parse(place, broker);
    }

    private Connection parse(String place, JsonNode broker) {
        JsonNode http2 = broker.get("http2");
        if (http2 != null && !http2.isBoolean()) {
            problem(place + "/http2", "must be true or false", "something else");
        }
        Connection.Tls tls = tls(place + "/tls", broker.get("tls"));
        if (!tls.equals(Connection.Tls.PLAIN)
                && broker.path("endpoint").asText().regionMatches(true, 0, "http:", 0, 5)) {
            problem(place + "/tls", "needs an https endpoint", "plain http");
        }
        return new Connection(
                tls,
                limits(place + "/limits", broker.get("limits")),
                authorization(place + "/authorization", broker.get("authorization")),
                http2 == null || http2.asBoolean(true));
    }

    /** What is found is never shown: a secret may have been written where its file's name belongs. */
    private Optional<Authorization> authorization(String place, @Nullable JsonNode node) {
        if (node == null || !members(place, node, AUTHORIZATION_MEMBERS)) {
            return Optional.empty();
        }
        JsonNode header = node.path("header");
        boolean named = header.isTextual() && Authorization.mayBe(header.textValue());
        if (!named) {
            problem(
                    place + "/header",
                    "must be a header name that neither HTTP nor this system sets itself",
                    header.isMissingNode() ? "nothing" : "something else");
        }
        JsonNode file = node.path("secretFile");
        Optional<String> content = file.isTextual() ? files.text(file.textValue()) : Optional.empty();
        if (content.isEmpty()) {
            problem(place + "/secretFile", "must be a readable file", file.isMissingNode() ? "nothing" : "none");
            return Optional.empty();
        }
        files.exposure(file.textValue())
                .ifPresent(exposure -> problem(place + "/secretFile", DirectoryParser.PRIVATE_FILE, exposure));
        Optional<String> value = content.flatMap(Authorization::value);
        if (value.isEmpty()) {
            problem(
                    place + "/secretFile",
                    "must hold one line of 1 to 4096 visible ASCII characters",
                    "something else");
        }
        return value.filter(text -> named).map(text -> new Authorization(header.textValue(), text));
    }

    private Connection.Limits limits(String place, @Nullable JsonNode node) {
        if (node == null) {
            return Connection.Limits.NONE;
        }
        return members(place, node, LIMITS_MEMBERS)
                ? new Connection.Limits(
                        number(place, node, "perSecond", MOST_PER_SECOND),
                        number(place, node, "concurrent", MOST_CONCURRENT))
                : Connection.Limits.NONE;
    }

    private OptionalInt number(String place, JsonNode node, String member, int most) {
        JsonNode value = node.get(member);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > most) {
            problem(place + "/" + member, "must be a whole number from 1 to " + most, "something else");
            return OptionalInt.empty();
        }
        return OptionalInt.of(value.intValue());
    }

    private Connection.Tls tls(String place, @Nullable JsonNode node) {
        if (node == null) {
            return Connection.Tls.PLAIN;
        }
        if (!members(place, node, TLS_MEMBERS)) {
            return Connection.Tls.PLAIN;
        }
        if (node.has("certificateFile") != node.has("keyFile")) {
            problem(place, "must name both certificateFile and keyFile, or neither", "one of them");
        }
        Optional<PemFile> authorities = content(place, node, "caFile");
        Optional<PemFile> certificate = content(place, node, "certificateFile");
        Optional<PemFile> key = content(place, node, "keyFile");
        key.flatMap(readable -> files.exposure(node.get("keyFile").textValue()))
                .ifPresent(exposure -> problem(place + "/keyFile", DirectoryParser.PRIVATE_FILE, exposure));
        boolean trusts =
                authorities.isEmpty() || authorities.flatMap(TlsMaterial::trust).isPresent();
        boolean shows = certificate.isEmpty()
                || !certificate.map(TlsMaterial::certificates).orElse(List.of()).isEmpty();
        boolean fits = certificate.isEmpty()
                || key.isEmpty()
                || certificate
                        .flatMap(chain -> key.flatMap(secret -> TlsMaterial.identity(chain, secret)))
                        .isPresent();
        if (!trusts) {
            problem(place + "/caFile", "must hold X.509 certificates in PEM form", "something else");
        }
        if (!shows) {
            problem(place + "/certificateFile", "must hold an X.509 certificate in PEM form", "something else");
        } else if (!fits) {
            problem(
                    place + "/keyFile",
                    "must hold the certificate's private key (RSA or EC) as PKCS #8 in PEM form",
                    "something else");
        }
        if (!trusts || !shows || !fits) {
            return Connection.Tls.PLAIN;
        }
        return new Connection.Tls(authorities, certificate, key);
    }

    private boolean members(String place, JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            problem(place, "must be an object", "something else");
            return false;
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(place + "/" + name, "is not a member", "it");
            }
        });
        return true;
    }

    private Optional<PemFile> content(String place, JsonNode node, String member) {
        JsonNode name = node.get(member);
        if (name == null) {
            return Optional.empty();
        }
        Optional<String> content = name.isTextual() ? files.text(name.textValue()) : Optional.empty();
        if (content.isEmpty()) {
            problem(place + "/" + member, "must be a readable file", "none");
        }
        return content.map(PemFile::new);
    }

    private void problem(String place, String rule, String found) {
        problems.accept(new DirectoryProblem(place, rule, found));
    }
}
