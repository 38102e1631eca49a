package org.brokerhandoff.operations.process;

/** A service's handling of exceptions that end a thread: reports where, never what, because messages can contain data that was read. */
public final class UncaughtExceptions {
    private UncaughtExceptions() {}

    /** From now on they are printed to standard error as types and locations, without messages. */
    public static void printWithoutMessages() {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> System.err.print(describe(thread.getName(), failure)));
    }

    /** The types of an exception and of its causes, and where each was thrown; no message. */
    static String describe(String thread, Throwable failure) {
        StringBuilder text = new StringBuilder("the thread ").append(thread).append(" ended by ");
        int left = 10;
        for (Throwable cause = failure; cause != null && left > 0; cause = cause.getCause(), left--) {
            text.append(cause == failure ? "" : "caused by ")
                    .append(cause.getClass().getName())
                    .append('\n');
            for (StackTraceElement frame : cause.getStackTrace()) {
                text.append("  at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
