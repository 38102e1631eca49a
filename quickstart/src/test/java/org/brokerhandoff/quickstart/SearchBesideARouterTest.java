package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.brokerhandoff.audit.search.PersonSearch;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search of files in the process of a router, as in the quickstart. */
class SearchBesideARouterTest {
    private static final String EMAIL = "thorunn.olafsdottir@example.org";

    @Test
    void searching_the_folder_of_a_router_in_this_process_does_not_drop_its_leases(@TempDir Path directory)
            throws IOException {
        PersonSearch search = new PersonSearch(List.of(List.of(EMAIL)));
        Path slots = Files.writeString(directory.resolve("slots"), EMAIL);
        try (PartitionLeases leases = FileLeases.open(slots, 4)) {
            assertThat(leases.tryAcquire(2)).isInstanceOf(LeaseOutcome.Acquired.class);
            PersonSearch.Result result = search.findInFiles(directory);
            assertThat(result.files()).isEqualTo(2);
            assertThat(result.people()).isEqualTo(1);
            assertThat(leases.look()).isEmpty();
        }
    }
}
