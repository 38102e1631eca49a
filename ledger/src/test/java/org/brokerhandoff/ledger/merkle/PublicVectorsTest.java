package org.brokerhandoff.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The inclusion and consistency vectors of transparency-dev/merkle ({@code testdata}), in the folder named by {@code MERKLE_VECTORS}. One
 * difference, of policy: they refuse a consistency proof from size 0, where {@code tlog-witness} requires the empty proof to be accepted.
 */
@EnabledIfEnvironmentVariable(named = "MERKLE_VECTORS", matches = ".+")
class PublicVectorsTest {
    private static List<Path> vectors(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getenv("MERKLE_VECTORS"), kind))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** Hashes in the vectors' notation, empty if one is not 32 bytes: a verifier here never sees such a proof. */
    private static List<Hash> proof(JsonNode node) {
        List<Hash> hashes = new ArrayList<>();
        node.forEach(hash -> hashes.add(Hash.parse(hash.asText())));
        return hashes;
    }

    /** Some vectors have roots that are not hashes, since only their equality matters. */
    private static Hash root(JsonNode node) throws IOException {
        byte[] bytes = node.binaryValue();
        return bytes.length == Hash.BYTES ? Hash.of(bytes) : Hash.sha256(bytes);
    }

    @Test
    void inclusionVectorsComeOutAsTheySay() throws IOException {
        List<Path> vectors = vectors("inclusion");
        assertThat(vectors).hasSizeGreaterThan(50);
        for (Path file : vectors) {
            JsonNode vector = new ObjectMapper().readTree(file.toFile());
            boolean holds;
            try {
                holds = MerkleProofs.includes(
                        vector.get("leafIdx").asLong(),
                        vector.get("treeSize").asLong(),
                        Hash.parse(vector.get("leafHash").asText()),
                        proof(vector.get("proof")),
                        Hash.parse(vector.get("root").asText()));
            } catch (IllegalArgumentException e) {
                holds = false;
            }
            assertThat(holds).as("%s", file).isEqualTo(!vector.get("wantErr").asBoolean());
        }
    }

    @Test
    void consistencyVectorsComeOutAsTheySay() throws IOException {
        List<Path> vectors = vectors("consistency");
        assertThat(vectors).hasSizeGreaterThan(50);
        for (Path file : vectors) {
            JsonNode vector = new ObjectMapper().readTree(file.toFile());
            long oldSize = vector.get("size1").asLong();
            boolean holds;
            try {
                holds = MerkleProofs.consistent(
                        oldSize,
                        root(vector.get("root1")),
                        vector.get("size2").asLong(),
                        root(vector.get("root2")),
                        proof(vector.get("proof")));
            } catch (IllegalArgumentException e) {
                holds = false;
            }
            if (oldSize == 0 && vector.get("wantErr").asBoolean() && holds) {
                assertThat(proof(vector.get("proof"))).as("%s", file).isEmpty();
                continue;
            }
            assertThat(holds).as("%s", file).isEqualTo(!vector.get("wantErr").asBoolean());
        }
    }
}
