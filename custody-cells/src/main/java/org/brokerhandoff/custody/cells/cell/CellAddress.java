package org.brokerhandoff.custody.cells.cell;

/**
 * Where a cell is, and as whom it is asked.
 *
 * @param user who may only put, read and destroy
 * @param examiner who may only read how the engine is set up
 */
public record CellAddress(
        String host, int port, String user, String password, String examiner, String examinerPassword) {
    /** Prints no password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
