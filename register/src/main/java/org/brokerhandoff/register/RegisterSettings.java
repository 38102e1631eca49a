package org.brokerhandoff.register;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.secrets.SecretFile;

/**
 * Location of the register.
 *
 * @param url {@code jdbc:sqlite:<file>} or {@code jdbc:postgresql:…}
 * @param user database user, if the database has users
 * @param password its password
 */
public record RegisterSettings(String url, Optional<String> user, Optional<String> password) {
    /**
     * The settings in the environment.
     *
     * @throws UncheckedIOException if the password file cannot be read, or is readable by others
     */
    public static RegisterSettings of(SettingsReader settings) {
        return new RegisterSettings(
                settings.get(Settings.REGISTER_URL),
                settings.find(Settings.REGISTER_USER),
                settings.find(Settings.REGISTER_PASSWORD_FILE).map(RegisterSettings::firstLine));
    }

    private static String firstLine(Path file) {
        try {
            return SecretFile.readFirstLine(file);
        } catch (IOException e) {
            throw new UncheckedIOException(Settings.REGISTER_PASSWORD_FILE + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Does not print the password, nor the URL, whose parameters may contain one. */
    @Override
    public String toString() {
        return "RegisterSettings[" + (url.startsWith(Dialect.SQLITE.urlPrefix()) ? url : "jdbc:…") + "]";
    }
}
