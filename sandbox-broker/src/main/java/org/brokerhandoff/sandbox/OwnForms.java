package org.brokerhandoff.sandbox;

import java.util.Optional;

/** Whether a form was sent from a page of this server, by what the browser says of it. */
final class OwnForms {
    private OwnForms() {}

    /**
     * Decides. Browsers of today say {@code same-origin} for a form of this page alone; another port of this host is not. Older ones send the
     * origin; without either, the form could be from anywhere.
     *
     * @param fetchSite the header {@code Sec-Fetch-Site}
     * @param origin the header {@code Origin}; {@code null} as its text is what a page without a referrer sends
     * @param own this server's origin by the name that the request used
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
