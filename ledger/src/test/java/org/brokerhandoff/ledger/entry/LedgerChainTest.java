package org.brokerhandoff.ledger.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Predecessor;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerChainTest {
    private static final String KEY =
            "handoff.example.org/test/ledger/1+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private static final Hash A = Hash.sha256(new byte[] {1});
    private static final Hash B = Hash.sha256(new byte[] {2});

    private static final LedgerEntry FIRST = new LedgerEntry(
            0,
            MerkleTree.emptyRoot(),
            1_764_324_900,
            1_764_324_894_000L,
            Optional.of(new Genesis("handoff.example.org/test/ledger/1", "cluster_-1", 2, Optional.empty())),
            List.of(new TopicLine("consents", "topic_-id", true), new TopicLine("places", "other", false)),
            List.of(KEY),
            List.of(new Segment("consents", 1, 0, 17, A), new Segment("places", 0, 0, 3, B)),
            List.of(new IndexLine(1, 5, A)),
            LedgerChain.indexesRoot(List.of(IndexLine.empty(0), new IndexLine(1, 5, A))));

    private static final LedgerEntry SECOND = new LedgerEntry(
            1,
            FIRST.hash(),
            1_764_324_960,
            1_764_324_954_000L,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(new Segment("consents", 0, 0, 1, B), new Segment("consents", 1, 17, 2, B)),
            List.of(new IndexLine(0, 1, B), new IndexLine(1, 6, B)),
            LedgerChain.indexesRoot(List.of(new IndexLine(0, 1, B), new IndexLine(1, 6, B))));

    private static LedgerEntry parse(String text) throws MalformedEntry {
        return EntryText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTextIsExactToTheByte() throws MalformedEntry {
        assertThat(FIRST.text())
                .isEqualTo(String.join(
                        "\n",
                        "handoff-ledger-entry/v1",
                        "number 0",
                        "prior 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                        "time 1764324900",
                        "settled 1764324894000",
                        "ledger handoff.example.org/test/ledger/1",
                        "cluster cluster_-1",
                        "partitions 2",
                        "topic consents topic_-id indexed",
                        "topic places other plain",
                        "key " + KEY,
                        "segment consents 1 0 17 " + A,
                        "segment places 0 0 3 " + B,
                        "index 1 5 " + A,
                        "indexes " + FIRST.indexesRoot(),
                        ""));
        assertThat(parse(FIRST.text())).isEqualTo(FIRST);
        assertThat(parse(SECOND.text())).isEqualTo(SECOND);
        String succeeding = FIRST.text().replace("partitions 2\n", "partitions 2\nsucceeds old/ledger/0 7 " + A + "\n");
        assertThat(parse(succeeding).genesis().orElseThrow().succeeds())
                .contains(new Predecessor("old/ledger/0", 7, A));
    }

    static Stream<UnaryOperator<String>> misspellings() {
        return Stream.<UnaryOperator<String>>of(
                text -> text.replace("/v1", "/v2"),
                text -> text.replace("number 0", "number 00"),
                text -> text.replace("number 0", "number  0"),
                text -> text.replace("number 0", "number +0"),
                text -> text.replace("number 0\n", ""),
                text -> text.replace("number 0", "number 1"),
                text -> text.replace("\n", "\r\n"),
                text -> text.replace("time 1764324900", "time 99999999999999999999"),
                text -> text.replace("uFU=", "uFV="),
                text -> text.replace("partitions 2", "partitions 0"),
                text -> text.replace("partitions 2", "partitions 3000000000"),
                text -> text.replace("consents 1 0 17", "consents 1 0 0"),
                text -> text.replace("consents 1 0 17", "consents 1 0 16385"),
                text -> text.replace("consents 1 0 17", "consents 1 9223372036854775800 17"),
                text -> text.replace("consents 1 0 17", "Consents 1 0 17"),
                text -> text.replace(" plain", " hidden"),
                text -> text.replace("key handoff", "key Kari Nordmann"),
                text -> text + "comment Kari Nordmann\n",
                text -> text + "\n",
                text -> text.substring(0, text.length() - 1),
                text -> text.replace("index 1 5", "index 1 5\u00e6"),
                text -> text.replace("index 1 5 " + A, "index 1 5 " + A + "\nindex 1 5 " + A),
                text -> text.replace("ledger handoff", "ledger h\u00e6ndoff"));
    }

    @ParameterizedTest
    @MethodSource("misspellings")
    void aTextThatBreaksTheGrammarIsRefused(UnaryOperator<String> misspelling) {
        String text = misspelling.apply(FIRST.text());

        assertThat(text).isNotEqualTo(FIRST.text());
        assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedEntry.class);
    }

    @Test
    void anEntryWithMoreThan256SegmentsOr65535BytesIsRefused() {
        StringBuilder segments = new StringBuilder();
        for (int i = 0; i < 257; i++) {
            segments.append("segment consents 0 ")
                    .append(i)
                    .append(" 1 ")
                    .append(A)
                    .append('\n');
        }
        String text = FIRST.text().replaceFirst("segment consents.*\n", segments.toString());
        assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedEntry.class).hasMessageContaining("256");
        assertThatThrownBy(() -> EntryText.parse(new byte[65_536])).isInstanceOf(MalformedEntry.class);
    }

    @Test
    void entriesThatContinueEachOtherAreAppended() {
        LedgerChain chain = new LedgerChain();
        chain.append(FIRST);
        chain.append(SECOND);

        assertThat(chain.size()).isEqualTo(2);
        assertThat(chain.root()).isEqualTo(MerkleTree.root(List.of(FIRST.hash(), SECOND.hash())));
        assertThat(chain.end("consents", 1)).isEqualTo(19);
        assertThat(chain.end("places", 1)).isZero();
        assertThat(chain.indexes()).containsExactly(new IndexLine(0, 1, B), new IndexLine(1, 6, B));
    }

    static Stream<UnaryOperator<String>> lies() {
        return Stream.<UnaryOperator<String>>of(
                text -> text.replace("number 1", "number 2"),
                text -> text.replaceFirst("prior .*", "prior " + A),
                text -> text.replace("time 1764324960", "time 1764324899"),
                text -> text.replace("settled 1764324954000", "settled 1764324893999"),
                text -> text.replace("consents 1 17 2", "consents 1 18 2"),
                text -> text.replace("consents 1 17 2", "consents 1 16 2"),
                text -> text.replace("consents 0 0 1", "consents 0 1 1"),
                text -> text.replace("consents 0 0 1", "purges 0 0 1"),
                text -> text.replace("consents 1 17 2", "consents 2 0 2"),
                text -> text.replace("segment consents 0 0 1", "segment places 1 0 1"),
                text -> text.replaceFirst("segment consents 0 .*\n", ""),
                text -> text.replaceFirst("index 0 .*\n", ""),
                text -> text.replace("index 1 6", "index 1 4"),
                text -> text.replace("index 1 6", "index 1 7"),
                text -> text.replaceFirst("indexes .*", "indexes " + A),
                text -> text.replaceFirst("segment consents 0", "topic consents again indexed\nsegment consents 0"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void anEntryThatDoesNotContinueTheChainIsObjectedTo(UnaryOperator<String> lie) throws MalformedEntry {
        LedgerChain chain = new LedgerChain();
        chain.append(FIRST);
        LedgerEntry entry = parse(lie.apply(SECOND.text()));

        assertThat(chain.objection(SECOND)).isEmpty();
        assertThat(chain.objection(entry)).isPresent();
        assertThatThrownBy(() -> chain.append(entry)).isInstanceOf(IllegalArgumentException.class);
        assertThat(chain.objection(SECOND)).isEmpty();
    }

    @Test
    void anEntryWithoutSegmentsAttestsThatNothingIsNewer() throws MalformedEntry {
        LedgerChain chain = new LedgerChain();
        chain.append(FIRST);
        List<String> lines = new ArrayList<>(SECOND.text().lines().toList());
        lines.removeIf(line -> line.startsWith("segment") || line.startsWith("index"));
        LedgerEntry empty = parse(String.join("\n", lines) + "\nindexes " + FIRST.indexesRoot() + "\n");

        assertThat(chain.objection(empty)).isEmpty();
    }
}
