package org.brokerhandoff.ingest.idempotency;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.cells.decisions.ReservationNote;
import org.brokerhandoff.custody.cells.decisions.ReservationStore;
import org.brokerhandoff.custody.cells.rules.ReservationPlace;
import org.brokerhandoff.custody.cells.rules.ReservationRow;
import org.brokerhandoff.custody.cells.rules.ReservedSignup;
import org.brokerhandoff.event.Digest;

/** The reservations of all ingest services that share a custody, in its database: what a stage says, the standby has. */
public final class SharedReservations implements Reservations {
    private static final HexFormat HEX = HexFormat.of();

    private final ReservationStore store;

    /** Over a store, which is closed with this. */
    public SharedReservations(ReservationStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Reservation> reserve(
            String client, String key, UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return store.reserve(client, key, signup(signupId, receivedAt, eraseBy, request))
                .thenApply(granted -> reservation(granted.row(), granted.fresh()));
    }

    @Override
    public CompletionStage<Optional<Reservation>> find(String client, String key) {
        return store.find(client, key).thenApply(found -> found.map(row -> reservation(row, false)));
    }

    @Override
    public CompletionStage<Reservation> renew(
            Reservation reservation, Instant receivedAt, Instant eraseBy, RequestMark request) {
        UUID signupId = reservation.signupId();
        return store.renew(
                        place(reservation), reservation.id().record(), signup(signupId, receivedAt, eraseBy, request))
                .thenApply(renewed -> new Reservation(
                        reservation.id(),
                        Reservation.State.RESERVED,
                        signupId,
                        receivedAt,
                        eraseBy,
                        Optional.empty(),
                        Optional.of(request)));
    }

    /** It is, since it was returned. */
    @Override
    public void requireDurable(Reservation reservation) {}

    @Override
    public void makeDurable(Reservation reservation) {}

    @Override
    public void noteAccepted(Reservation reservation, Optional<SlotReference> slot) {
        note(reservation, true, slot);
    }

    @Override
    public void noteLeft(Reservation reservation, Optional<SlotReference> slot) {
        note(reservation, false, slot);
    }

    /** The row stays: the next request with the key finds that nothing is held, and renews it. */
    @Override
    public void release(Reservation reservation) {
        note(reservation, false, Optional.empty());
    }

    private void note(Reservation reservation, boolean accepted, Optional<SlotReference> slot) {
        store.note(new ReservationNote(
                place(reservation), reservation.signupId(), reservation.id().record(), accepted, slot));
    }

    /** What is wrong with the database, custody's health says. */
    @Override
    public Optional<String> complaint() {
        return Optional.empty();
    }

    @Override
    public void close() {
        store.close();
    }

    private static ReservedSignup signup(UUID signupId, Instant receivedAt, Instant eraseBy, RequestMark request) {
        return new ReservedSignup(
                signupId, receivedAt, eraseBy, HEX.formatHex(request.digest().bytes()), request.givenAt());
    }

    private static ReservationPlace place(Reservation reservation) {
        ByteBuffer digest = ByteBuffer.wrap(reservation.id().digest());
        return new ReservationPlace(reservation.id().day(), new UUID(digest.getLong(), digest.getLong()));
    }

    private static Reservation reservation(ReservationRow row, boolean fresh) {
        UUID digest = row.place().digest();
        ReservationId id = new ReservationId(
                row.place().day(),
                ByteBuffer.allocate(DayKeys.DIGEST_BYTES)
                        .putLong(digest.getMostSignificantBits())
                        .putLong(digest.getLeastSignificantBits())
                        .array(),
                row.tenure().token());
        ReservedSignup signup = row.signup();
        return new Reservation(
                id,
                row.accepted()
                        ? Reservation.State.ACCEPTED
                        : fresh ? Reservation.State.NEW : Reservation.State.RESERVED,
                signup.signupId(),
                signup.receivedAt(),
                signup.eraseBy(),
                row.slot(),
                Optional.of(new RequestMark(new Digest(HEX.parseHex(signup.request())), signup.givenAt())));
    }
}
