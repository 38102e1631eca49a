package org.brokerhandoff.custody;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scans all slots for work due by time or left by a crash. One sweep at a time. */
final class SlotSweep {
    private static final Logger LOG = LoggerFactory.getLogger(SlotSweep.class);
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(60);

    private final SlotRegion region;
    private final SlotReader reader;
    private final SlotErasure erasure;
    private final Map<Integer, Claim> claims = new HashMap<>();

    private record Claim(long word, Instant firstSeen) {}

    SlotSweep(SlotRegion region, SlotReader reader, SlotErasure erasure) {
        this.region = region;
        this.reader = reader;
        this.erasure = erasure;
    }

    synchronized SweepResult sweep(Instant now) {
        int expired = 0;
        int finished = 0;
        int reclaimed = 0;
        int damaged = 0;
        List<CompletableFuture<?>> erasures = new ArrayList<>();
        int slots = region.refreshed();
        for (int slot = 0; slot < slots; slot++) {
            long word = region.word(slot);
            int state = StateWord.state(word);
            if (state != StateWord.CLAIMED && !claims.isEmpty()) {
                claims.remove(slot);
            }
            if (state == StateWord.FREE) {
                continue;
            }
            if (state == StateWord.CLAIMED) {
                reclaimed += reclaim(slot, word, now, erasures) ? 1 : 0;
            } else if (StateWord.unknown(word) || reader.damaged(slot)) {
                damaged += discard(slot, word, erasures) ? 1 : 0;
            } else if (state == StateWord.ERASING) {
                SlotReference reference = new SlotReference(slot, StateWord.generation(word));
                erasures.add(erasure.overwrite(reference, word, false));
                finished++;
            } else if (state != StateWord.ERASED && expire(slot, now, erasures)) {
                expired++;
            }
        }
        try {
            CompletableFuture.allOf(erasures.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new CustodyException("the sweep's erasures could not be made durable", e);
        }
        return new SweepResult(expired, finished, reclaimed, damaged);
    }

    private boolean expire(int slot, Instant now, List<CompletableFuture<?>> erasures) {
        while (true) {
            // The word first: a prolongation changes it after its field, so what is not seen here makes the change
            // below fail.
            long word = region.word(slot);
            if (!StateWord.live(word)) {
                return false;
            }
            SlotView view = reader.view(slot, word);
            if (view.end().isAfter(now)) {
                return false;
            }
            long erasing = StateWord.erasing(word, EraseReason.EXPIRED);
            if (region.changeWord(slot, word, erasing)) {
                erasures.add(erasure.overwrite(view.reference(), erasing, true));
                return true;
            }
        }
    }

    private boolean reclaim(int slot, long word, Instant now, List<CompletableFuture<?>> erasures) {
        Claim seen = claims.get(slot);
        if (seen == null || seen.word() != word) {
            claims.put(slot, new Claim(word, now));
            return false;
        }
        if (now.isBefore(seen.firstSeen().plus(CLAIM_PATIENCE))) {
            return false;
        }
        claims.remove(slot);
        erasures.add(erasure.reclaim(slot, word));
        return true;
    }

    /** Destroys what a slot holds that cannot say whose it is, and frees it. */
    private boolean discard(int slot, long word, List<CompletableFuture<?>> erasures) {
        CompletableFuture<Boolean> discarding = erasure.discard(slot, word);
        if (discarding == null) {
            return false;
        }
        LOG.error("slot {} is damaged: its checksum is wrong; its key is destroyed", slot);
        erasures.add(discarding);
        return true;
    }
}
