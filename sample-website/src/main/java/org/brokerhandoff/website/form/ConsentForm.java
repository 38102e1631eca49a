package org.brokerhandoff.website.form;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The registration form as it was shown: what of it bears on the consent, as lines of text, made of the same texts as the page. The
 * digest that the consent names ({@code formSha256}) is the SHA-256 of them, each followed by a line feed, in UTF-8. Who keeps the text can
 * show by its digest what was consented to.
 *
 * @param language of the page
 * @param policyVersion version of the privacy policy that was shown
 * @param lines in the order of the page
 */
public record ConsentForm(String language, String policyVersion, List<String> lines) {
    /** Copies the lines. */
    public ConsentForm {
        lines = List.copyOf(lines);
    }

    /** The text that is digested. */
    public String text() {
        return String.join("\n", lines) + "\n";
    }

    /** The digest of {@link #text}, in hexadecimal. */
    public String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
