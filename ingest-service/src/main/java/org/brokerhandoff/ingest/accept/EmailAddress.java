package org.brokerhandoff.ingest.accept;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * E-mail addresses as RFC 5321, 5322 and 6531 allow them: dot-atom or quoted local part, also in UTF-8; domain names, also internationalised.
 * No comments, folding or address literals: no mailbox needs them on a registration form.
 *
 * <p>The result is exactly what was checked. An ASCII address is unchanged. Any other is returned in Unicode NFC with its domain in lower
 * case, and only if the other spellings of the domain name (full-width letters, the dots U+3002, U+FF0E and U+FF61, invisible characters) map
 * to this very name: a mail server maps them, and a check of the mapped name says nothing about what is sent.
 */
final class EmailAddress {
    /** The rule in words. */
    static final String RULE =
            "an e-mail address of at most 254 bytes, 64 before the @, with a domain name; outside ASCII only letters"
                    + " and digits, and no mixed alphabets in a word";

    private static final int MOST_BYTES = 254;
    private static final int MOST_LOCAL_BYTES = 64;
    private static final int MOST_DOMAIN_BYTES = 255;
    private static final int MOST_LABEL_BYTES = 63;
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private EmailAddress() {}

    /** The address to deliver; empty if it breaks the rules. */
    static Optional<CharSequence> normalised(CharSequence text) {
        if (text.length() > MOST_BYTES) {
            return Optional.empty();
        }
        if (Characters.ascii(text)) {
            int at = lastAt(text);
            return parted(text, at) && local(text.subSequence(0, at)) && domain(text.subSequence(at + 1, text.length()))
                    ? Optional.of(text)
                    : Optional.empty();
        }
        return internationalised(Normalizer.normalize(ClearText.copy(text), Normalizer.Form.NFC));
    }

    private static Optional<CharSequence> internationalised(String composed) {
        int at = lastAt(composed);
        if (!parted(composed, at) || !Identifiers.valid(composed)) {
            return Optional.empty();
        }
        String local = composed.substring(0, at);
        String domain = Normalizer.normalize(composed.substring(at + 1).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        String address = local + "@" + domain;
        return Characters.utf8Length(address) <= MOST_BYTES && local(local) && internationalisedDomain(domain)
                ? Optional.of(address)
                : Optional.empty();
    }

    private static boolean parted(CharSequence address, int at) {
        return at >= 1 && at < address.length() - 1;
    }

    private static int lastAt(CharSequence address) {
        int at = address.length() - 1;
        while (at >= 0 && address.charAt(at) != '@') {
            at--;
        }
        return at;
    }

    private static boolean local(CharSequence local) {
        return Characters.utf8Length(local) <= MOST_LOCAL_BYTES
                && (local.charAt(0) == '"' ? quoted(local) : dotAtom(local));
    }

    private static boolean dotAtom(CharSequence local) {
        boolean dotBefore = true;
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c == '.') {
                if (dotBefore) {
                    return false;
                }
                dotBefore = true;
            } else if (c >= 0x80 || Characters.letterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0) {
                dotBefore = false;
            } else {
                return false;
            }
        }
        return !dotBefore;
    }

    private static boolean quoted(CharSequence local) {
        int last = local.length() - 1;
        if (last < 2 || local.charAt(last) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = local.charAt(i);
            if (c == '"' || control(c)) {
                return false;
            }
            if (c == '\\') {
                i++;
                if (i == last || local.charAt(i) >= 0x7F || control(local.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean control(char c) {
        return c < ' ' || c == 0x7F;
    }

    private static boolean internationalisedDomain(String domain) {
        try {
            String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
            // The JDK maps as IDNA of 2003 did. A letter that IDNA of 2008 allows and 2003 mapped stays, since it is
            // another domain.
            String mapped = domain.replace("ß", "ss").replace('ς', 'σ');
            return domain(ascii) && IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED).equals(mapped);
        } catch (IllegalArgumentException e) {
            // The exception's message quotes the domain.
            return false;
        }
    }

    private static boolean domain(CharSequence ascii) {
        if (ascii.length() > MOST_DOMAIN_BYTES) {
            return false;
        }
        int labels = 0;
        int start = 0;
        boolean digitsOnly = false;
        while (start <= ascii.length()) {
            int end = start;
            while (end < ascii.length() && ascii.charAt(end) != '.') {
                end++;
            }
            if (!label(ascii, start, end)) {
                return false;
            }
            digitsOnly = digitsOnly(ascii, start, end);
            labels++;
            start = end + 1;
        }
        // A single label is a host in the website's own network; a last label of digits is an IPv4 address.
        return labels >= 2 && !digitsOnly;
    }

    private static boolean label(CharSequence domain, int start, int end) {
        if (end == start
                || end - start > MOST_LABEL_BYTES
                || domain.charAt(start) == '-'
                || domain.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (!Characters.letterOrDigit(domain.charAt(i)) && domain.charAt(i) != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean digitsOnly(CharSequence domain, int start, int end) {
        for (int i = start; i < end; i++) {
            if (domain.charAt(i) < '0' || domain.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
