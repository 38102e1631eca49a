package org.brokerhandoff.ledgerservice.witness;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.witness.AddCheckpoint;

/**
 * A client of one witness: submission and monitoring prefix are the URL in the policy. Blocks; reads at most the maximum size of a note. Not
 * thread-safe.
 */
final class WitnessClient {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final URI prefix;
    /** The size believed to be cosigned last; corrected by the witness's answers. */
    private long believedSize;
    /** What it has cosigned for this client. */
    private long cosignedSize;

    WitnessClient(HttpClient http, URI prefix) {
        this.http = http;
        this.prefix = prefix;
    }

    /**
     * Requests a cosignature of {@code note}, with one more request if the witness is at another size than believed. A witness that has
     * cosigned more than it claims has an older copy of its state: it would cosign a second tree as well, so it is not asked to.
     *
     * @param leaves hashes of the ledger's entries, as many as the checkpoint's size
     */
    WitnessAnswer add(SignedNote note, List<Hash> leaves) throws IOException, InterruptedException {
        WitnessAnswer answer = add(note, leaves, believedSize);
        if (answer instanceof WitnessAnswer.At at && at.size() < cosignedSize) {
            return new WitnessAnswer.Failed("it reports size " + at.size() + ", but has cosigned size " + cosignedSize
                    + ": it runs on an older copy of its state, and has to be retired");
        }
        if (answer instanceof WitnessAnswer.At at && at.size() <= leaves.size() && at.size() != believedSize) {
            answer = add(note, leaves, at.size());
        }
        if (answer instanceof WitnessAnswer.Cosigned) {
            believedSize = leaves.size();
            cosignedSize = leaves.size();
        } else if (answer instanceof WitnessAnswer.At at) {
            believedSize = Math.min(at.size(), leaves.size());
        }
        return answer;
    }

    private WitnessAnswer add(SignedNote note, List<Hash> leaves, long oldSize)
            throws IOException, InterruptedException {
        List<Hash> proof = oldSize == 0 || oldSize == leaves.size()
                ? List.of()
                : MerkleTree.consistencyProof((int) oldSize, leaves);
        HttpResponse<InputStream> response = http.send(
                request("add-checkpoint")
                        .POST(BodyPublishers.ofByteArray(new AddCheckpoint(oldSize, proof, note).bytes()))
                        .build(),
                BodyHandlers.ofInputStream());
        return WitnessAnswer.of(response.statusCode(), body(response));
    }

    /** The size that the witness cosigned last, by its answer to a checkpoint that claims it has none; empty if it does not say. */
    Optional<Long> size(SignedNote note) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                request("add-checkpoint")
                        .POST(BodyPublishers.ofByteArray(new AddCheckpoint(0, List.of(), note).bytes()))
                        .build(),
                BodyHandlers.ofInputStream());
        return WitnessAnswer.of(response.statusCode(), body(response)) instanceof WitnessAnswer.At at
                ? Optional.of(at.size())
                : Optional.empty();
    }

    /** The checkpoint of {@code origin} that the witness serves to monitors; empty if it serves none. */
    Optional<SignedNote> served(String origin) throws IOException, InterruptedException {
        String hash = HexFormat.of()
                .formatHex(Hash.sha256(origin.getBytes(StandardCharsets.UTF_8)).bytes());
        HttpResponse<InputStream> response =
                http.send(request(hash + "/checkpoint").GET().build(), BodyHandlers.ofInputStream());
        byte[] body = body(response);
        try {
            return response.statusCode() == 200 ? Optional.of(SignedNote.parse(body)) : Optional.empty();
        } catch (MalformedNote e) {
            return Optional.empty();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(prefix.resolve(path)).timeout(LIMIT);
    }

    private static byte[] body(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            return body.readNBytes(SignedNote.MAXIMUM_BYTES);
        }
    }
}
