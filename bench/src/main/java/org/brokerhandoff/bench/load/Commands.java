package org.brokerhandoff.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The protocol of this package's processes: a line in, a line out. A process ends when its input does, and when its parent is killed. */
final class Commands {
    /** Prefix of lines that are not log lines. */
    static final String ANSWER = "> ";

    private Commands() {}

    /** Answers one command. */
    interface Handler {
        /**
         * The answer, one line.
         *
         * @param words the command and its operands
         */
        String answer(String... words) throws Exception;
    }

    /** Prints {@code ready}, then answers until the input ends. */
    static void serve(String ready, Handler handler) throws Exception {
        endWithParent();
        System.out.println(ANSWER + ready);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(ANSWER + handler.answer(line.split(" ", -1)));
        }
    }

    /** During a command the input is not read: without this, a generator whose parent was killed would send until the end of its run. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(2));
        });
    }

    /** Only waits for the end. */
    static void untilTheEnd(String ready) throws IOException {
        endWithParent();
        System.out.println(ANSWER + ready);
        while (System.in.read() >= 0) {
            // Only the end matters.
        }
    }
}
