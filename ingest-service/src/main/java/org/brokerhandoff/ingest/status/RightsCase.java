package org.brokerhandoff.ingest.status;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupStatus;

/**
 * A signup and its person's requests.
 *
 * @param status status of the signup
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

    /** Ids of the new data that a broker may still get. */
    public List<UUID> openCorrections() {
        return requests.stream()
                .filter(request -> request.type() == RightsType.RECTIFICATION)
                .flatMap(request -> request.correction().stream())
                .filter(correction -> correction.status().isEmpty() || !correction.ended())
                .map(RightsRequest.Correction::sealedAs)
                .toList();
    }

    /** The requests, except the one of that id. */
    public List<RightsRequest> requestsBut(UUID requestId) {
        return requests.stream()
                .filter(request -> !request.requestId().equals(requestId))
                .toList();
    }
}
