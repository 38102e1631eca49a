package org.brokerhandoff.custody.cells;

import java.nio.file.Path;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.SlotFile;
import org.junit.jupiter.api.io.TempDir;

/** The slot file, by what every custody does. Here, and not beside it: {@code custody} knows of no other. */
class SlotFileContractTest extends KeyCustodyContract {
    @TempDir
    Path folder;

    @Override
    KeyCustody opened() {
        return SlotFile.open(
                new CustodySettings(folder.resolve("slots"), 64, 64),
                FileKeyset.openOrCreate(folder.resolve("keyset")),
                clock);
    }
}
