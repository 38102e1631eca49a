package org.brokerhandoff.ingest.status;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupStatus;

/**
 * A signup and what its person has asked for.
 *
 * @param status where the signup stands
 * @param requests the requests, the earliest first
 */
public record RightsCase(SignupStatus status, List<RightsRequest> requests) {
    /** Copies the list. */
    public RightsCase {
        requests = List.copyOf(requests);
    }

    /** The request of that id. */
    public Optional<RightsRequest> request(UUID requestId) {
        return requests.stream()
                .filter(request -> request.requestId().equals(requestId))
                .findFirst();
    }

    /** The requests, less the one of that id. */
    public List<RightsRequest> requestsBut(UUID requestId) {
        return requests.stream()
                .filter(request -> !request.requestId().equals(requestId))
                .toList();
    }
}
