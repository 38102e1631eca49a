package org.brokerhandoff.ingest.accept;

/**
 * One thing that is wrong with a request.
 *
 * <p>Nothing of the request is repeated: not its values, and not the names of members it should not have, since a website that
 * mixes up names and values would have us echo a person.
 *
 * @param pointer JSON pointer to the member, or to the object that holds it
 * @param code stable name of the rule that was broken
 * @param detail the rule in words
 */
public record Fault(String pointer, String code, String detail) {}
