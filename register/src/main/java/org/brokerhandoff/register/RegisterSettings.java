package org.brokerhandoff.register;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;

/**
 * Where the register is.
 *
 * @param url {@code jdbc:sqlite:<file>} or {@code jdbc:postgresql:…}
 * @param user database user, if the database has users
 * @param password its password
 */
public record RegisterSettings(String url, Optional<String> user, Optional<String> password) {
    /**
     * The settings that the environment has.
     *
     * @throws UncheckedIOException if the password file cannot be read
     */
    public static RegisterSettings of(SettingsReader settings) {
        return new RegisterSettings(
                settings.get(Settings.REGISTER_URL),
                settings.find(Settings.REGISTER_USER),
                settings.find(Settings.REGISTER_PASSWORD_FILE).map(RegisterSettings::firstLine));
    }

    private static String firstLine(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return Optional.ofNullable(reader.readLine()).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("the register's password file " + file + " cannot be read", e);
        }
    }

    /** Does not print the password, nor the URL, whose parameters may hold one. */
    @Override
    public String toString() {
        return "RegisterSettings[" + (url.startsWith(Dialect.SQLITE.urlPrefix()) ? url : "jdbc:…") + "]";
    }
}
