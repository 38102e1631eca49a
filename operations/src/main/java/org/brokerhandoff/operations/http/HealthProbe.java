package org.brokerhandoff.operations.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Queries a health endpoint, for a container's health check: images need no additional tool. */
public final class HealthProbe {
    private static final int LIMIT_MILLIS = 5_000;

    private HealthProbe() {}

    /** Exits with 0 if the address in the only argument answers 200, with 1 otherwise. */
    public static void main(String... arguments) {
        System.exit(arguments.length == 1 && answersOk(URI.create(arguments[0])) ? 0 : 1);
    }

    /** Whether {@code address} answers 200. */
    public static boolean answersOk(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
