package org.brokerhandoff.operations.http;

import java.io.Serial;

/** Marks a request that was decoded but is refused. Has no stack trace: it is a value passed through a pipeline. */
final class RefusedRequest extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final RequestFault fault;

    RefusedRequest(RequestFault fault) {
        super(fault.code(), null, false, false);
        this.fault = fault;
    }

    RequestFault fault() {
        return fault;
    }
}
