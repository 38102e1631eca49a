package org.brokerhandoff.sandbox;

import java.util.Optional;

/** Whether a form was sent from a page of this server, by the browser's headers. */
final class OwnForms {
    private OwnForms() {}

    /**
     * Decides. Current browsers send {@code same-origin} only for a form of this page; another port of this host does not count. Older ones
     * send the origin; without either, the form could come from anywhere.
     *
     * @param fetchSite the header {@code Sec-Fetch-Site}
     * @param origin the header {@code Origin}; a page without a referrer sends the text {@code null}
     * @param own this server's origin, with the host name of the request
     */
    static boolean sent(Optional<String> fetchSite, Optional<String> origin, String own) {
        if (fetchSite.isPresent()) {
            return fetchSite.get().equals("same-origin")
                    && origin.filter(from -> !from.equals("null"))
                            .map(own::equals)
                            .orElse(true);
        }
        return origin.filter(own::equals).isPresent();
    }
}
