package org.brokerhandoff.ingest.accept;

/** Reads the body of a contact request. */
public final class ContactParser {
    /**
     * Version of the sealed message's JSON that this parser writes. Numbers from 1001 are messages, lower ones are persons; the number is
     * bound into the seal, so that one can never be opened as the other.
     */
    public static final int MESSAGE_SCHEMA = 1001;

    private ContactParser() {}

    /** Reads the first {@code length} bytes of {@code body}, which stays the caller's to wipe. */
    public static ParsedContact parse(byte[] body, int length) {
        Faults faults = new Faults();
        ContactDraft draft = new ContactDraft("", faults);
        try (JsonCursor json = JsonCursor.open(body, length, faults)) {
            draft.read(json);
            // The values are valid only as long as the cursor is open.
            draft.check();
            return faults.isEmpty()
                    ? new ParsedContact.Valid(draft.language(), draft.canonical(length))
                    : new ParsedContact.Invalid(faults.list());
        } catch (JsonCursor.NotJson e) {
            return new ParsedContact.Malformed();
        }
    }
}
