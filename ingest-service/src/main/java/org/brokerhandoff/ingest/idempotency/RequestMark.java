package org.brokerhandoff.ingest.idempotency;

import java.time.Instant;
import org.brokerhandoff.event.Digest;

/**
 * By which a repeat of an unanswered request is known to say the same, without anything of the person.
 *
 * @param digest SHA-256 of what the request's events say of it in the kept topics, but for ids and times
 * @param givenAt when the consent was given; a website that stamps each repeat again means the same consent
 */
public record RequestMark(Digest digest, Instant givenAt) {}
