package org.brokerhandoff.custody.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.brokerhandoff.custody.cells.share.KeyShares;

/** Puts a key together from the first two shares that belong together, and destroys all that come. Thread-safe. */
final class KeyAssembly {
    private final CompletableFuture<KeyReading> result = new CompletableFuture<>();
    private final List<CellShare> shares = new ArrayList<>();
    private int readings;
    private int unknown;
    private boolean over;

    CompletionStage<KeyReading> result() {
        return result;
    }

    /** The answer of one of the three. */
    void add(CellReading reading) {
        judged(reading).ifPresent(result::complete);
    }

    private synchronized Optional<KeyReading> judged(CellReading reading) {
        readings++;
        unknown += reading.content() == CellContent.UNKNOWN ? 1 : 0;
        Optional<KeyReading> judgement = Optional.empty();
        if (reading instanceof CellReading.Share share) {
            shares.add(share.share());
            judgement = over ? Optional.empty() : joined(share.share()).map(KeyReading.Found::new);
        }
        if (judgement.isEmpty() && !over && readings == KeyShares.CELLS) {
            // With one unknown, one share and one cell without, the key may still be there.
            boolean two = readings - unknown - Math.min(shares.size(), 1) >= CellSet.MAJORITY;
            judgement = Optional.of(two ? new KeyReading.Lost() : new KeyReading.Unavailable());
        }
        over |= judgement.isPresent();
        if (over) {
            shares.forEach(CellShare::destroy);
            shares.clear();
        }
        return judgement;
    }

    private Optional<DataKey> joined(CellShare last) {
        return shares.stream()
                .filter(share -> share != last)
                .map(share -> KeyShares.join(share, last))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
