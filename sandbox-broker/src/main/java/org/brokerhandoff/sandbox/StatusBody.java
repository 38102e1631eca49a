package org.brokerhandoff.sandbox;

import com.fasterxml.jackson.databind.node.TextNode;

/** The JSON of the contract's replies: {@code {"status":"…"}}, and at most one more member. */
final class StatusBody {
    private static final String HEAD = "{\"status\":\"";

    private StatusBody() {}

    static String of(String status) {
        return HEAD + status + "\"}";
    }

    static String of(String status, String name, String value) {
        return HEAD + status + "\",\"" + name + "\":" + TextNode.valueOf(value) + "}";
    }

    /** The status set by {@link #of}; a reply made by a test has none. */
    static String status(String body) {
        int end = body.indexOf('"', HEAD.length());
        return body.startsWith(HEAD) && end > 0 ? body.substring(HEAD.length(), end) : "(malformed)";
    }
}
