package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.bench.memory.SearchedProcess;

/** Where the keys of a run of {@link MemoryCommand} are, and how they are learned while they live. This process may know them: it is not searched. */
interface MemoryKeys extends AutoCloseable {
    /** Settings of the services. */
    Map<String, String> settings() throws IOException;

    /**
     * Begins, with services that run, and has a key searched for that is in both of them as long as they run.
     *
     * @param installation folder of the services
     */
    void open(Path installation) throws IOException, InterruptedException;

    /** Has the key of a signup searched for, if it is live. May be called by several threads. */
    void note(UUID signupId);

    /** Number of keys that were noted. */
    int noted();

    /** Has a key that stays live searched for, as a control. */
    void control(UUID signupId);

    /** The further processes that are searched, each with its controls in it. */
    List<SearchedProcess> processes() throws IOException;

    /** Whether keys are kept in parts. */
    boolean inParts();

    @Override
    void close();
}
