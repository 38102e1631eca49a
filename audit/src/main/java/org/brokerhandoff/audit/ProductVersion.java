package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program, from its build. */
final class ProductVersion {
    private ProductVersion() {}

    static String current() {
        Properties properties = new Properties();
        try (InputStream stream = ProductVersion.class.getResourceAsStream("version.properties")) {
            if (stream == null) {
                throw new IllegalStateException("built without its version");
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
