package org.brokerhandoff.custody.owners;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Holds leases as it is told to on standard input: {@code take 3}, {@code give 3}, {@code look}. Answers each with a line: {@code acquired},
 * {@code refused} and by whom, {@code given}, the problem or {@code well}, or the name of the exception and its message.
 */
final class LeaseHoldingProcess {
    private LeaseHoldingProcess() {}

    public static void main(String[] arguments) throws IOException {
        Map<Integer, PartitionLease> leases = new HashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (PartitionLeases all = FileLeases.open(Path.of(arguments[0]), 8)) {
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(all, leases, line.split(" ", -1)));
            }
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private static String answer(PartitionLeases all, Map<Integer, PartitionLease> leases, String[] words) {
        try {
            if (words[0].equals("look")) {
                return all.look().orElse("well");
            }
            int partition = Integer.parseInt(words[1]);
            if (words[0].equals("give")) {
                Objects.requireNonNull(leases.remove(partition)).close();
                return "given";
            }
            LeaseOutcome outcome = all.tryAcquire(partition);
            if (outcome instanceof LeaseOutcome.Acquired acquired) {
                leases.put(partition, acquired.lease());
                return "acquired";
            }
            return "refused " + ((LeaseOutcome.Refused) outcome).holder();
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }
}
