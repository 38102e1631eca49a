package org.brokerhandoff.sandbox;

import java.nio.charset.StandardCharsets;

/** A key that signs requests as the router does: for samples sent to a broker's own endpoint. */
public sealed interface WebhookSigner permits WebhookSecret, WebhookKeyPair {
    /** One signature with its scheme, {@code v1,<base64>}, over {@code id.timestamp.body}. */
    String sign(String id, String timestamp, byte[] body);

    /** The signed content. */
    static byte[] content(String id, String timestamp, byte[] body) {
        byte[] head = (id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[head.length + body.length];
        System.arraycopy(head, 0, content, 0, head.length);
        System.arraycopy(body, 0, content, head.length, body.length);
        return content;
    }
}
