package org.brokerhandoff.ingest.accept;

import java.net.IDN;

/**
 * E-mail addresses as RFC 5321, 5322 and 6531 allow them: dot-atom or quoted local part, also in UTF-8; domain names, also
 * internationalised. No comments, no folding, no address literals: nobody's mailbox needs them on a registration form.
 */
final class EmailAddress {
    private static final int MOST_BYTES = 254;
    private static final int MOST_LOCAL_BYTES = 64;
    private static final int MOST_DOMAIN_BYTES = 255;
    private static final int MOST_LABEL_BYTES = 63;
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private EmailAddress() {}

    static boolean valid(CharSequence address) {
        int at = lastAt(address);
        if (at < 1 || at == address.length() - 1 || address.length() > MOST_BYTES || !Characters.printable(address)) {
            return false;
        }
        if (Characters.utf8Length(address) > MOST_BYTES) {
            return false;
        }
        CharSequence local = address.subSequence(0, at);
        return Characters.utf8Length(local) <= MOST_LOCAL_BYTES
                && (local.charAt(0) == '"' ? quoted(local) : dotAtom(local))
                && domain(address.subSequence(at + 1, address.length()));
    }

    private static int lastAt(CharSequence address) {
        int at = address.length() - 1;
        while (at >= 0 && address.charAt(at) != '@') {
            at--;
        }
        return at;
    }

    private static boolean dotAtom(CharSequence local) {
        boolean dotBefore = true;
        for (int i = 0; i < local.length(); ) {
            int c = Character.codePointAt(local, i);
            if (c == '.') {
                if (dotBefore) {
                    return false;
                }
                dotBefore = true;
            } else if (atomText(c)) {
                dotBefore = false;
            } else {
                return false;
            }
            i += Character.charCount(c);
        }
        return !dotBefore;
    }

    private static boolean atomText(int c) {
        return c < 0x80 ? Characters.letterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0 : !Character.isSpaceChar(c);
    }

    private static boolean quoted(CharSequence local) {
        int last = local.length() - 1;
        if (last < 2 || local.charAt(last) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = local.charAt(i);
            if (c == '"') {
                return false;
            }
            if (c == '\\') {
                i++;
                if (i == last || local.charAt(i) >= 0x7F) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean domain(CharSequence domain) {
        CharSequence ascii = domain;
        if (!domain.chars().allMatch(c -> c < 0x80)) {
            try {
                ascii = IDN.toASCII(ClearText.copy(domain), IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                // Its message quotes the domain.
                return false;
            }
        }
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
        // One label is a machine in the website's own network; a last label of digits is an IPv4 address.
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
