package org.brokerhandoff.bench.tampering;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;

/** Changes of records in Kafka, around an event or in its bytes. */
final class LeafChange {
    private LeafChange() {}

    static Leaf.Header header(String name, String value) {
        return new Leaf.Header(name, Optional.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** An additional header, before or after all others. */
    static UnaryOperator<Leaf.Present> more(String name, String value, boolean first) {
        return headers(headers -> headers.add(first ? 0 : headers.size(), header(name, value)));
    }

    /** Another value for a header. */
    static UnaryOperator<Leaf.Present> value(String name, String value) {
        return headers(
                headers -> headers.replaceAll(header -> header.name().equals(name) ? header(name, value) : header));
    }

    /** Without a header. */
    static UnaryOperator<Leaf.Present> without(String name) {
        return headers(headers -> headers.removeIf(header -> header.name().equals(name)));
    }

    /** Another key. */
    static UnaryOperator<Leaf.Present> key(byte[] key) {
        return stored -> new Leaf.Present(
                stored.place(), stored.appendedAt(), Optional.of(key), stored.headers(), stored.value());
    }

    /** No key. */
    static UnaryOperator<Leaf.Present> noKey() {
        return stored -> new Leaf.Present(
                stored.place(), stored.appendedAt(), Optional.empty(), stored.headers(), stored.value());
    }

    /** Other bytes. */
    static UnaryOperator<Leaf.Present> bytes(UnaryOperator<byte[]> change) {
        return stored -> new Leaf.Present(
                stored.place(),
                stored.appendedAt(),
                stored.key(),
                stored.headers(),
                stored.value().map(change));
    }

    /** No value: a tombstone for compaction. */
    static UnaryOperator<Leaf.Present> noValue() {
        return stored ->
                new Leaf.Present(stored.place(), stored.appendedAt(), stored.key(), stored.headers(), Optional.empty());
    }

    /** Bytes after the event. */
    static byte[] followed(byte[] value, String by) {
        byte[] more = by.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(value, value.length + more.length);
        System.arraycopy(more, 0, all, value.length, more.length);
        return all;
    }

    /** Without its last bytes. */
    static byte[] cut(byte[] value) {
        return Arrays.copyOf(value, value.length / 2);
    }

    /** Another broker's id in an assignment, of the same length, patched into its bytes: the publisher's code would refuse it. */
    static byte[] broker(byte[] value, EventCodec codec, String text) {
        if (!(codec.decode(value) instanceof Decoded.Event known && known.event() instanceof Assigned assigned)) {
            throw new IllegalArgumentException("not an assignment");
        }
        String fitting = text.substring(0, assigned.getBroker().length());
        byte[] from = assigned.getBroker().getBytes(StandardCharsets.UTF_8);
        byte[] changed = value.clone();
        for (int i = 0; i + from.length <= changed.length; i++) {
            if (Arrays.equals(from, Arrays.copyOfRange(changed, i, i + from.length))) {
                System.arraycopy(fitting.getBytes(StandardCharsets.UTF_8), 0, changed, i, from.length);
                return changed;
            }
        }
        throw new IllegalStateException("the broker's id does not stand in the event");
    }

    /** Another schema's fingerprint. */
    static byte[] foreignSchema(byte[] value) {
        byte[] changed = value.clone();
        changed[2] ^= 1;
        return changed;
    }

    /** The time in its header is moved after its append, or before. */
    static UnaryOperator<Leaf.Present> dated(Duration later) {
        return stored -> value(
                        CloudEventHeaders.TIME, stored.appendedAt().plus(later).toString())
                .apply(stored);
    }

    /** Appended later, or earlier. */
    static UnaryOperator<Leaf.Present> appendedAfter(Duration later) {
        return stored -> new Leaf.Present(
                stored.place(), stored.appendedAt().plus(later), stored.key(), stored.headers(), stored.value());
    }

    private static UnaryOperator<Leaf.Present> headers(Consumer<List<Leaf.Header>> change) {
        return stored -> {
            List<Leaf.Header> headers = new ArrayList<>(stored.headers());
            change.accept(headers);
            return new Leaf.Present(stored.place(), stored.appendedAt(), stored.key(), headers, stored.value());
        };
    }
}
