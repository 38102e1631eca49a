package org.brokerhandoff.bench.hosts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A place for processes, with an address at which the other hosts reach them. */
public final class Host {
    /** Takes the host's cable out, or puts it back. */
    interface Cable {
        void plugged(boolean in) throws IOException, InterruptedException;
    }

    private final String address;
    private final List<String> prefix;
    private final Cable cable;

    Host(String address, List<String> prefix, Cable cable) {
        this.address = address;
        this.prefix = List.copyOf(prefix);
        this.cable = cable;
    }

    /** Its address, as digits and dots. */
    public String address() {
        return address;
    }

    /** Whether it is a host of its own, which can be cut off. */
    public boolean separate() {
        return !prefix.isEmpty();
    }

    /** The command that runs {@code command} there. */
    public List<String> command(List<String> command) {
        List<String> there = new ArrayList<>(prefix);
        there.addAll(command);
        return there;
    }

    /** Loses every packet from and to the host: its connections stay open and silent. */
    public void cutOff() throws IOException, InterruptedException {
        cable.plugged(false);
    }

    /** Ends {@link #cutOff}. */
    public void join() throws IOException, InterruptedException {
        cable.plugged(true);
    }
}
