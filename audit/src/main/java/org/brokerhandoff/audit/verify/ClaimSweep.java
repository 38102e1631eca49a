package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.audit.verify.PurgeFact.ParkedCut;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Compares the statements of one partition's signups about offsets and times: no two records have the same position, the start of a log never
 * moves back, and signups that expired undecided were not overtaken. Statements and queries are sorted together, by offset or by time, so
 * that one pass answers each query from the statements before it.
 */
final class ClaimSweep implements AutoCloseable {
    private static final byte PLACE = 0;
    private static final byte DECISION = 1;
    private static final byte START = 2;
    private static final byte START_OF_PARKED = 3;
    /** A query about strictly earlier statements sorts before statements of the same moment. */
    private static final byte ASKED = 0;

    private static final byte SAID = 1;
    private static final byte WHAT_BEGAN_BEFORE_THE_CUT = 0;
    private static final byte WHAT_BEGAN_BEFORE_IT_CAME = 1;

    private final Sorted sorted;

    ClaimSweep(Sorted sorted) {
        this.sorted = sorted;
    }

    /** Adds the statements of a signup. */
    void add(SignupFacts signup) {
        for (PurgeFact purge : signup.all(PurgeFact.class)) {
            Long offset = purge.offset();
            if (offset != null) {
                put(signup.signupId(), row(PLACE, offset, SAID));
            }
            starts(signup, purge);
        }
        OptionalLong offset = SeenRules.offset(signup);
        if (offset.isEmpty()) {
            return;
        }
        signup.all(Fact.Assignment.class).stream()
                .mapToLong(Fact.Assignment::decidedAtMillis)
                .min()
                .ifPresent(decided -> put(
                        signup.signupId(),
                        row(DECISION, -offset.getAsLong(), SAID).putLong(decided)));
        SeenRules.undecided(signup)
                .ifPresent(undecided -> put(
                        signup.signupId(),
                        row(DECISION, -undecided.offset(), ASKED).putLong(undecided.expiryMillis())));
        // A record is appended after its signup was received, behind everything cut by then.
        signup.all(Ground.class).stream()
                .mapToLong(Ground::receivedAtMillis)
                .min()
                .ifPresent(received -> put(
                        signup.signupId(),
                        row(SealedTopic.SIGNUPS, received - ProcessClocks.MOST_APART_MILLIS, ASKED)
                                .put(WHAT_BEGAN_BEFORE_IT_CAME)
                                .putLong(offset.getAsLong())));
    }

    private void starts(SignupFacts signup, PurgeFact purge) {
        Long start = purge.startOffset();
        if (purge.level() == PurgeLevel.UNREADABLE || start == null) {
            return;
        }
        put(
                signup.signupId(),
                row(SealedTopic.SIGNUPS, purge.purgedAtMillis(), SAID).putLong(start));
        Long cut = purge.cutConfirmedAtMillis();
        ParkedCut parked = purge.parked();
        if (cut != null) {
            askWhatBeganBefore(signup, SealedTopic.SIGNUPS, cut, start, purge);
        }
        if (parked != null) {
            put(
                    signup.signupId(),
                    row(SealedTopic.SIGNUPS_PARKED, purge.purgedAtMillis(), SAID)
                            .putLong(parked.startOffset()));
        }
        if (cut != null && parked != null) {
            askWhatBeganBefore(
                    signup, SealedTopic.SIGNUPS_PARKED, parked.cutConfirmedAtMillis(), parked.startOffset(), purge);
        }
    }

    private void askWhatBeganBefore(
            SignupFacts signup, SealedTopic topic, long cutMillis, long start, PurgeFact purge) {
        put(
                signup.signupId(),
                row(topic, cutMillis - ProcessClocks.MOST_APART_MILLIS, ASKED)
                        .put(WHAT_BEGAN_BEFORE_THE_CUT)
                        .putLong(start)
                        .putLong(purge.purgedAtMillis()));
    }

    private static ByteBuffer row(byte about, long by, byte sub) {
        // With the sign flipped, byte order equals numeric order.
        return ByteBuffer.allocate(64).put(about).putLong(by ^ Long.MIN_VALUE).put(sub);
    }

    private static ByteBuffer row(SealedTopic topic, long millis, byte sub) {
        return row(topic == SealedTopic.SIGNUPS ? START : START_OF_PARKED, millis, sub);
    }

    private void put(UUID signup, ByteBuffer row) {
        row.put(SignupIds.bytes(signup));
        byte[] bytes = new byte[row.flip().remaining()];
        row.get(bytes);
        sorted.add(bytes);
    }

    /**
     * Finds contradictions.
     *
     * @param claims receives claims of purges that cannot all be true
     * @param overtaken receives signups that expired undecided although later ones were decided
     */
    void forEach(Consumer<Contradiction> claims, Consumer<Contradiction> overtaken) {
        sorted.forEach(new Answers(claims, overtaken)::take);
    }

    private static final class Answers {
        private final Consumer<Contradiction> claims;
        private final Consumer<Contradiction> overtaken;
        private byte[] before = new byte[0];
        private byte about = -1;
        private long placeBefore = -1;
        private UUID firstThere = SubjectRecords.NONE;
        private UUID lastThere = SubjectRecords.NONE;
        /** The earliest of the decisions and the furthest of the starts, so far. */
        private OptionalLong extreme = OptionalLong.empty();

        Answers(Consumer<Contradiction> claims, Consumer<Contradiction> overtaken) {
            this.claims = claims;
            this.overtaken = overtaken;
        }

        void take(byte[] bytes) {
            if (Arrays.equals(bytes, before)) {
                // A purge that was published again makes the same statement.
                return;
            }
            before = bytes;
            ByteBuffer row = ByteBuffer.wrap(bytes);
            byte kind = row.get();
            if (kind != about) {
                about = kind;
                extreme = OptionalLong.empty();
            }
            long by = row.getLong() ^ Long.MIN_VALUE;
            byte sub = row.get();
            UUID signup =
                    SignupIds.uuid(Arrays.copyOfRange(bytes, bytes.length - SignupIds.LENGTH_BYTES, bytes.length));
            if (kind == PLACE) {
                place(by, signup);
            } else if (kind == DECISION) {
                decision(row, -by, sub, signup);
            } else {
                start(row, kind == START ? "signups" : "signups-parked", sub, signup);
            }
        }

        private void place(long offset, UUID signup) {
            if (offset != placeBefore) {
                placeBefore = offset;
                firstThere = signup;
            } else if (!signup.equals(lastThere)) {
                claims.accept(new Contradiction(
                        signup, "its record is reported at offset " + offset + ", as is that of " + firstThere));
            }
            lastThere = signup;
        }

        private void decision(ByteBuffer row, long offset, byte sub, UUID signup) {
            long millis = row.getLong();
            if (sub == SAID) {
                extreme = OptionalLong.of(Math.min(millis, extreme.orElse(millis)));
            } else if (extreme.isPresent()) {
                new SeenRules.Undecided(offset, millis)
                        .overtaken(extreme.getAsLong())
                        .ifPresent(sentence -> overtaken.accept(new Contradiction(signup, sentence)));
            }
        }

        private void start(ByteBuffer row, String topic, byte sub, UUID signup) {
            if (sub == SAID) {
                long start = row.getLong();
                extreme = OptionalLong.of(Math.max(start, extreme.orElse(start)));
                return;
            }
            byte question = row.get();
            long offset = row.getLong();
            if (extreme.isEmpty() || offset >= extreme.getAsLong()) {
                return;
            }
            claims.accept(new Contradiction(
                    signup,
                    question == WHAT_BEGAN_BEFORE_THE_CUT
                            ? "at " + at(row.getLong()) + " " + topic + " is reported to begin at " + offset
                                    + ", but an earlier claim has it begin at " + extreme.getAsLong()
                            : "its record is reported at offset " + offset + ", but signups began at "
                                    + extreme.getAsLong() + " before it was received"));
        }
    }

    @Override
    public void close() {
        sorted.close();
    }
}
