package org.brokerhandoff.website.page;

import java.util.List;

/**
 * A signup or a message on the status page.
 *
 * @param message whether it is a message
 * @param view where it stands; empty if that is no longer known
 */
public record StatusItem(String title, boolean message, List<StatusView> view) {
    /** Copies the list. */
    public StatusItem {
        view = List.copyOf(view);
    }
}
