package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqliteRegisterIT extends RegisterContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }

    @Test
    void the_file_and_its_directory_are_created() {
        Path file = directory.resolve("a/b/register.db");
        Register.open(at(file)).close();
        assertThat(file).isRegularFile();
    }

    @Test
    void a_file_that_is_no_database_is_refused() throws IOException {
        Path file = Files.writeString(directory.resolve("register.db"), "not a database, and long enough to look at");
        assertThatThrownBy(() -> Register.open(at(file))).isInstanceOf(RegisterUnavailable.class);
    }

    private static RegisterSettings at(Path file) {
        return new RegisterSettings("jdbc:sqlite:" + file, Optional.empty(), Optional.empty());
    }
}
