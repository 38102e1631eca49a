package org.brokerhandoff.bench;

import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.bench.memory.KeyForms;
import org.brokerhandoff.bench.memory.Patterns;
import org.brokerhandoff.bench.memory.SearchedProcess;
import org.brokerhandoff.bench.memory.Subject;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;

/** Keys in a slot file, read from it as the services do. The control is the epoch key. */
final class SlotKeys implements MemoryKeys {
    private static final int SLOTS = 8192;

    private final Patterns patterns;
    private Optional<SlotFile> custody = Optional.empty();
    private int noted;

    SlotKeys(Patterns patterns) {
        this.patterns = patterns;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public void open(Path installation) throws IOException {
        FileKeyset keyset = FileKeyset.openOrCreate(installation.resolve("custody.keyset"));
        custody = Optional.of(
                SlotFile.open(new CustodySettings(installation.resolve("custody.slots"), SLOTS, SLOTS), keyset));
        byte[] epochKey = keyset.key(keyset.currentEpoch()).orElseThrow().getEncoded();
        KeyForms.addTo(patterns, new Subject(Subject.Kind.CONTROL_KEY, 0), epochKey);
    }

    @Override
    public synchronized void note(UUID signupId) {
        SlotFile from = custody.orElseThrow();
        Optional<DataKey> key =
                awaited(from.find(signupId)).flatMap(view -> awaited(from.key(view.reference(), signupId)));
        key.ifPresent(present -> {
            KeyForms.addTo(patterns, new Subject(Subject.Kind.KEY, noted++), present.getEncoded());
            present.destroy();
        });
    }

    @Override
    public synchronized int noted() {
        return noted;
    }

    @Override
    public void control(UUID signupId) {
        // The epoch key is one.
    }

    @Override
    public List<SearchedProcess> processes() {
        return List.of();
    }

    @Override
    public boolean inParts() {
        return false;
    }

    @Override
    public void close() {
        custody.ifPresent(SlotFile::close);
    }
}
