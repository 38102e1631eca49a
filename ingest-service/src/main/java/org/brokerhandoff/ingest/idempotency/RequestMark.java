package org.brokerhandoff.ingest.idempotency;

import java.time.Instant;
import org.brokerhandoff.event.Digest;

/**
 * Identifies a repeat of an unanswered request, without anything of the person.
 *
 * @param digest SHA-256 of the content of the request's events in the kept topics, except ids and times
 * @param givenAt when the consent was given; a website that puts a new time on each repeat means the same consent
 */
public record RequestMark(Digest digest, Instant givenAt) {}
