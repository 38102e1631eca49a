package org.brokerhandoff.operations.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Faults of a request's form after RFC 9110 and RFC 9112, independent of its route. An ambiguous request is refused instead of choosing an
 * interpretation, because a proxy in front may choose the other.
 */
public enum RequestFault {
    /** The request line is longer than 4 KiB. */
    URI_TOO_LONG(414, "uri-too-long"),
    /** The headers are longer than 8 KiB. */
    HEADERS_TOO_LARGE(431, "headers-too-large"),
    /** Request line or headers violate RFC 9112, or the path is not percent-encoded after RFC 3986. */
    MALFORMED_REQUEST(400, "malformed-request"),
    /** The body does not have the form or the length announced by the headers. */
    MALFORMED_BODY(400, "malformed-body"),
    /** A header that may occur only once is repeated, or has several values joined by a comma. */
    HEADER_REPEATED(400, "header-repeated"),
    /** {@code Host} is missing or not a host. */
    HOST_INVALID(400, "host-invalid"),
    /** {@code Content-Length} beside {@code Transfer-Encoding}, or a transfer encoding other than {@code chunked}. */
    TRANSFER_ENCODING_UNSUPPORTED(400, "transfer-encoding-unsupported"),
    /** The body is compressed, or otherwise encoded. */
    CONTENT_ENCODING_UNSUPPORTED(415, "content-encoding-unsupported"),
    /** {@code Expect} asks for something other than {@code 100-continue}. */
    EXPECTATION_UNSUPPORTED(417, "expectation-unsupported"),
    /** The request was not complete in time. */
    REQUEST_TIMEOUT(408, "request-timeout"),
    /** Neither HTTP/1.0 nor HTTP/1.1. */
    HTTP_VERSION_UNSUPPORTED(505, "http-version-unsupported");

    /** The single-valued headers that this system reads, or that delimit the message. */
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.HOST,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.EXPECT,
            "Idempotency-Key");

    /** {@code host} or {@code host:port}: no user, path or list. */
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~%-]+)(:\\d{1,5})?");

    /** Syntax of a header's name. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Forbidden in a header's value. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0A-\\x1F\\x7F]");

    private static final Pattern DIGITS = Pattern.compile("\\d{1,19}");

    /** Forbidden in a target: anything but visible ASCII, and a percent sign without two hexadecimal digits after it. */
    private static final Pattern NOT_IN_TARGET = Pattern.compile("[^!-~]|%(?![0-9A-Fa-f]{2})");

    private final int status;
    private final String code;

    RequestFault(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** HTTP status of the response. */
    public int status() {
        return status;
    }

    /** Stable name for programs. */
    public String code() {
        return code;
    }

    /** The response's body. */
    public Problem problem() {
        return Problem.of(status, code);
    }

    /** The fault behind a decoder's failure. */
    static RequestFault of(Throwable failure) {
        if (failure instanceof RefusedRequest refused) {
            return refused.fault();
        } else if (failure instanceof TooLongHttpLineException) {
            return URI_TOO_LONG;
        }
        return failure instanceof TooLongHttpHeaderException ? HEADERS_TOO_LARGE : MALFORMED_REQUEST;
    }

    /** The fault in the head of a decoded request; empty if there is none. */
    static Optional<RequestFault> in(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Optional.of(HTTP_VERSION_UNSUPPORTED);
        }
        // find() instead of matching the whole: a repeated alternative takes a stack frame per character.
        if (request.uri().isEmpty() || NOT_IN_TARGET.matcher(request.uri()).find()) {
            return Optional.of(MALFORMED_REQUEST);
        }
        HttpHeaders headers = request.headers();
        for (Map.Entry<String, String> header : headers) {
            if (!TOKEN.matcher(header.getKey()).matches()
                    || CONTROL.matcher(header.getValue()).find()) {
                return Optional.of(MALFORMED_REQUEST);
            }
        }
        for (CharSequence name : SINGLE) {
            List<String> values = headers.getAll(name);
            if (values.size() > 1 || (values.size() == 1 && values.get(0).indexOf(',') >= 0)) {
                return Optional.of(HEADER_REPEATED);
            }
        }
        return host(headers, version).or(() -> body(headers, version)).or(() -> expectation(headers));
    }

    private static Optional<RequestFault> host(HttpHeaders headers, HttpVersion version) {
        String host = headers.get(HttpHeaderNames.HOST);
        boolean fine = host == null
                ? version.equals(HttpVersion.HTTP_1_0)
                : HOST.matcher(host).matches();
        return fine ? Optional.empty() : Optional.of(HOST_INVALID);
    }

    private static Optional<RequestFault> body(HttpHeaders headers, HttpVersion version) {
        String transfer = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (transfer != null
                && (length != null || !transfer.equalsIgnoreCase("chunked") || version.equals(HttpVersion.HTTP_1_0))) {
            return Optional.of(TRANSFER_ENCODING_UNSUPPORTED);
        } else if (length != null && !DIGITS.matcher(length).matches()) {
            return Optional.of(MALFORMED_REQUEST);
        }
        String content = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        return content == null || content.equalsIgnoreCase("identity")
                ? Optional.empty()
                : Optional.of(CONTENT_ENCODING_UNSUPPORTED);
    }

    private static Optional<RequestFault> expectation(HttpHeaders headers) {
        String expect = headers.get(HttpHeaderNames.EXPECT);
        return expect == null || expect.equalsIgnoreCase("100-continue")
                ? Optional.empty()
                : Optional.of(EXPECTATION_UNSUPPORTED);
    }
}
