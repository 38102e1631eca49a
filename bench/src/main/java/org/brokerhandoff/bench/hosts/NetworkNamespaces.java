package org.brokerhandoff.bench.hosts;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hosts as network namespaces of Linux, each joined by a pair of virtual interfaces to a switch, which is a bridge in a namespace of its own, so
 * that no packet filter of this machine is on the way. Needs root and {@code ip} (iproute2).
 *
 * <pre>
 * this machine ──── switch ──┬── host 1
 *  10.213.N.1                ├── host 2     a host is cut off by its interface on the switch
 *                            └── …
 * </pre>
 */
public final class NetworkNamespaces implements Hosts {
    private static final int FIRST = 2;
    private static final int LAST = 254;

    private final String prefix;
    private final String network;
    private final Deque<List<String>> undo = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::undo, "network-namespaces");
    private int next = FIRST;

    private NetworkNamespaces(int number) {
        this.prefix = "handoff" + number;
        this.network = "10.213." + number + ".";
    }

    /** Why there can be none here; empty if there can. */
    public static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces are made by root");
        }
        boolean found = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ip")));
        return found ? Optional.empty() : Optional.of("no program ip (iproute2) on the path");
    }

    /**
     * Makes the switch, and joins this machine to it.
     *
     * @throws IOException if the kernel refuses; the message has what {@code ip} printed
     */
    public static NetworkNamespaces open() throws IOException, InterruptedException {
        NetworkNamespaces made =
                new NetworkNamespaces(ThreadLocalRandom.current().nextInt(1, 255));
        Runtime.getRuntime().addShutdownHook(made.atExit);
        try {
            made.makeSwitch();
            return made;
        } catch (IOException | InterruptedException e) {
            made.close();
            throw e;
        }
    }

    private void makeSwitch() throws IOException, InterruptedException {
        namespace(center());
        ip("-n", center(), "link", "add", "switch", "type", "bridge");
        ip("-n", center(), "link", "set", "switch", "up");
        ip("link", "add", prefix, "type", "veth", "peer", "name", "own", "netns", center());
        undo.push(List.of("link", "del", prefix));
        join("own");
        ip("addr", "add", own() + "/24", "dev", prefix);
        ip("link", "set", prefix, "up");
    }

    private String center() {
        return prefix + "-switch";
    }

    @Override
    public String own() {
        return network + 1;
    }

    @Override
    public boolean separate() {
        return true;
    }

    @Override
    public Host host(String name) throws IOException, InterruptedException {
        if (next > LAST) {
            throw new IOException("no more than " + (LAST - FIRST + 1) + " hosts");
        }
        String address = network + next;
        String cable = "port" + next;
        next++;
        String namespace = prefix + "-" + name;
        namespace(namespace);
        ip("-n", center(), "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        join(cable);
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        return new Host(
                address,
                List.of("ip", "netns", "exec", namespace),
                in -> ip("-n", center(), "link", "set", cable, in ? "up" : "down"));
    }

    private void join(String cable) throws IOException, InterruptedException {
        ip("-n", center(), "link", "set", cable, "master", "switch");
        ip("-n", center(), "link", "set", cable, "up");
    }

    private void namespace(String name) throws IOException, InterruptedException {
        ip("netns", "add", name);
        undo.push(List.of("netns", "del", name));
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    private synchronized void undo() {
        while (!undo.isEmpty()) {
            try {
                ip(undo.pop().toArray(String[]::new));
            } catch (IOException e) {
                System.err.println("not removed: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The hook has run, or will find nothing to do.
        }
    }
}
