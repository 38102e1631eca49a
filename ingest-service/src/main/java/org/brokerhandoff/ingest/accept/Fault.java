package org.brokerhandoff.ingest.accept;

/**
 * One fault of a request.
 *
 * <p>Nothing of the request is echoed: neither its values nor the names of unknown members, since a website that mixes up names and values
 * would make us echo personal data.
 *
 * @param pointer JSON pointer to the member, or to the object that holds it
 * @param code stable name of the rule that was broken
 * @param detail the rule in words
 */
public record Fault(String pointer, String code, String detail) {}
