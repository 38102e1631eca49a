package org.brokerhandoff.custody.owners;

/** Who has a lease that was refused. */
public sealed interface LeaseHolder {
    /** Something else in this process, such as another router in it. */
    record ThisProcess() implements LeaseHolder {
        @Override
        public String toString() {
            return "this process";
        }
    }

    /**
     * Another process.
     *
     * @param id its number, as seen from here
     * @param stopped whether it does not run (SIGSTOP, a debugger): it keeps its leases until it continues or is ended
     */
    record OtherProcess(long id, boolean stopped) implements LeaseHolder {
        @Override
        public String toString() {
            return "process " + id + (stopped ? ", which is stopped" : "");
        }
    }

    /** Another process, of which the kernel does not tell here: one of another container, or not on Linux. */
    record UnknownProcess() implements LeaseHolder {
        @Override
        public String toString() {
            return "a process that is not visible from here";
        }
    }
}
