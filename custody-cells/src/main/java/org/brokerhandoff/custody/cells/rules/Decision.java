package org.brokerhandoff.custody.cells.rules;

/**
 * What is decided on a row as it was read. It counts once {@code change} is committed, on the row as it was read; if the row has changed
 * meanwhile, it is decided again.
 *
 * @param <T> what the caller is told
 */
public record Decision<T>(T outcome, RowChange change) {
    public static <T> Decision<T> keep(T outcome) {
        return new Decision<>(outcome, new RowChange.Keep());
    }

    static <T> Decision<T> write(T outcome, CustodyRow row) {
        return new Decision<>(outcome, new RowChange.Write(row));
    }
}
