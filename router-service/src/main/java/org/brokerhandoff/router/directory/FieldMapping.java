package org.brokerhandoff.router.directory;

/** The form in which a broker wants the person's data. */
public record FieldMapping() {
    /** What holds where the directory says nothing of it. */
    public static final FieldMapping NONE = new FieldMapping();
}
