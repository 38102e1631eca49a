package org.brokerhandoff.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the JDK's {@code keytool} on a PKCS#12 store, for keys and certificates of trials. */
public final class Keytool {
    private static final long LIMIT_SECONDS = 60;

    private final Path store;
    private final String password;

    /** Of a store that exists or will be made, with this password. */
    public Keytool(Path store, String password) {
        this.store = store;
        this.password = password;
    }

    /**
     * Runs it with these options.
     *
     * @throws IOException if it cannot be run, or fails
     */
    public void run(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(options);
        // The password is passed in the environment, not as an argument that every user of the machine can list.
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass:env", "STORE"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("STORE", password);
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
