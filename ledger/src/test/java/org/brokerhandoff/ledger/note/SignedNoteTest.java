package org.brokerhandoff.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    /** Key and note from the examples in {@code signed-note}. */
    private static final String VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private static final String NOTE = """
            This is an example message.

            \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theExampleOfTheSpecificationVerifies() throws MalformedNote {
        VerifierKey key = VerifierKey.parse(VKEY);
        SignedNote note = SignedNote.parse(utf8(NOTE));
        NoteSignature signature = note.signatures().get(0);

        assertThat(key).hasToString(VKEY);
        assertThat(note.text()).isEqualTo("This is an example message.\n");
        assertThat(key.claimedBy(signature)).isTrue();
        assertThat(Signatures.verify(key, note.text(), signature.signature())).isEqualTo(Signatures.Outcome.VALID);
        assertThat(Signatures.verify(key, "This is an example message!\n", signature.signature()))
                .isEqualTo(Signatures.Outcome.INVALID);
        assertThat(note.bytes()).isEqualTo(utf8(NOTE));
    }

    @Test
    void aTextMayHaveEmptyLinesAndEndsAtTheLastOne() throws MalformedNote {
        SignedNote note = SignedNote.parse(utf8("one\n\ntwo\n\n\u2014 k AAAAAAA=\n"));

        assertThat(note.text()).isEqualTo("one\n\ntwo\n");
        assertThat(note.signatures()).hasSize(1);
    }

    @Test
    void addingASignatureAgainChangesNothing() throws MalformedNote {
        SignedNote note = SignedNote.parse(utf8(NOTE));

        assertThat(note.with(note.signatures())).isEqualTo(note);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\n\u2014 k AAAAAAA=",
                "text\r\n\n\u2014 k AAAAAAA=\n",
                "te\u0000xt\n\n\u2014 k AAAAAAA=\n",
                "text\n\n- k AAAAAAA=\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "text\n\n\u2014 k+k AAAAAAA=\n",
                "text\n\n\u2014 k\u00a0k AAAAAAA=\n",
                "text\n\n\u2014 k AAAA\n",
                "text\n\n\u2014 k !!!!\n",
                "text\n\n\u2014 k AAAAAAA=\nmore\n"
            })
    void aNoteThatBreaksARuleIsRefused(String note) {
        assertThatThrownBy(() -> SignedNote.parse(utf8(note))).isInstanceOf(MalformedNote.class);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        assertThatThrownBy(() -> SignedNote.parse(new byte[] {(byte) 0xff, '\n', '\n'}))
                .isInstanceOf(MalformedNote.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void notesWithTooManySignaturesOrBytesAreRefused() throws MalformedNote {
        String line = "\u2014 k AAAAAAA=\n";
        assertThat(SignedNote.parse(utf8("text\n\n" + line.repeat(64))).signatures())
                .hasSize(64);
        assertThatThrownBy(() -> SignedNote.parse(utf8("text\n\n" + line.repeat(65))))
                .isInstanceOf(MalformedNote.class);
        assertThatThrownBy(() -> SignedNote.parse(utf8("x".repeat(1 << 20) + "\n\n" + line)))
                .isInstanceOf(MalformedNote.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com/foo",
                "example.com/foo+530d903a",
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+CekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
                "example.com/foo+530d903a+"
            })
    void aVerifierKeyThatBreaksARuleIsRefused(String vkey) {
        assertThatThrownBy(() -> VerifierKey.parse(vkey)).isInstanceOf(MalformedNote.class);
    }

    @Test
    void aCheckpointHasExactlyThreeLines() throws MalformedNote {
        String text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        Checkpoint checkpoint = Checkpoint.parse(text);

        assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
        assertThat(checkpoint.size()).isEqualTo(20_852_163);
        assertThat(checkpoint.text()).isEqualTo(text);
        for (String wrong : List.of(
                text + "extension\n",
                text.replace("20852163", "020852163"),
                text.replace("20852163", "-1"),
                text.replace("20852163", "9999999999999999999"),
                text.replace("q2I=", "q2J="),
                text.substring(0, text.length() - 1),
                "\n" + text)) {
            assertThatThrownBy(() -> Checkpoint.parse(wrong)).as(wrong).isInstanceOf(MalformedNote.class);
        }
    }
}
