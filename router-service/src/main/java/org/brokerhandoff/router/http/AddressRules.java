package org.brokerhandoff.router.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Addresses allowed for a broker that is not marked {@code local}: those of the public internet. Otherwise anyone who controls a
 * broker's name could have people's data posted into this system's own network. Pure.
 *
 * <p>IPv4 is what is not listed; IPv6 is {@code 2000::/3}, all that has been given out, without what is listed. Forms of IPv6 that
 * carry an IPv4 address are judged by it where such a form is in honest use (mapped, NAT64), and refused where it is not (compatible,
 * 6to4, Teredo).
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA IPv4 Special-Purpose Address Registry</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA IPv6 Special-Purpose Address Registry</a>
 */
final class AddressRules {
    /** A range of addresses and what it is for. */
    private record Range(int addressBits, int prefixBits, BigInteger prefix, String use) {
        static Range of(byte[] start, int prefixBits, String use) {
            int addressBits = start.length * 8;
            return new Range(
                    addressBits, prefixBits, new BigInteger(1, start).shiftRight(addressBits - prefixBits), use);
        }

        boolean contains(byte[] address) {
            return address.length * 8 == addressBits
                    && new BigInteger(1, address)
                            .shiftRight(addressBits - prefixBits)
                            .equals(prefix);
        }
    }

    private static final List<Range> REFUSED = List.of(
            range("0.0.0.0/8", "this host or network"),
            range("10.0.0.0/8", "private"),
            range("100.64.0.0/10", "shared by carriers"),
            range("127.0.0.0/8", "loopback"),
            // The provider's host behind every machine on Azure; the others' are link-local or private.
            range("168.63.129.16/32", "metadata"),
            range("169.254.169.254/32", "metadata"),
            range("169.254.0.0/16", "link-local"),
            range("172.16.0.0/12", "private"),
            range("192.0.0.0/24", "protocol assignments"),
            range("192.0.2.0/24", "documentation"),
            range("192.88.99.0/24", "6to4 relays"),
            range("192.168.0.0/16", "private"),
            range("198.18.0.0/15", "benchmarks"),
            range("198.51.100.0/24", "documentation"),
            range("203.0.113.0/24", "documentation"),
            range("224.0.0.0/4", "multicast"),
            range("240.0.0.0/4", "reserved"),
            range("::/128", "unspecified"),
            range("::1/128", "loopback"),
            range("::/96", "compatible with IPv4"),
            range("64:ff9b:1::/48", "local NAT64"),
            range("2001::/32", "Teredo"),
            range("2001::/23", "protocol assignments"),
            range("2001:db8::/32", "documentation"),
            range("2002::/16", "6to4"),
            range("3fff::/20", "documentation"),
            range("fd00:ec2::254/128", "metadata"),
            range("fc00::/7", "private"),
            range("fe80::/10", "link-local"),
            range("fec0::/10", "site-local"),
            range("ff00::/8", "multicast"));

    private static final List<Range> CARRY_IPV4 = List.of(mapped(), range("64:ff9b::/96", "NAT64"));
    private static final Range GIVEN_OUT = range("2000::/3", "global unicast");
    private static final int IPV4_BYTES = 4;

    private AddressRules() {}

    /**
     * Why a broker may not have {@code address}.
     *
     * @param address 4 or 16 bytes
     * @return what the address is for; empty if it is one of the public internet
     */
    static Optional<String> refused(byte[] address) {
        if (CARRY_IPV4.stream().anyMatch(range -> range.contains(address))) {
            return refused(Arrays.copyOfRange(address, address.length - IPV4_BYTES, address.length));
        }
        Optional<String> use = REFUSED.stream()
                .filter(range -> range.contains(address))
                .map(Range::use)
                .findFirst();
        return use.isEmpty() && address.length != IPV4_BYTES && !GIVEN_OUT.contains(address)
                ? Optional.of("not given out")
                : use;
    }

    /** By bytes, since the JDK turns the written form into IPv4. */
    private static Range mapped() {
        byte[] start = new byte[16];
        start[10] = (byte) 0xff;
        start[11] = (byte) 0xff;
        return Range.of(start, 96, "mapped");
    }

    private static Range range(String prefix, String use) {
        int slash = prefix.indexOf('/');
        try {
            return Range.of(
                    InetAddress.getByName(prefix.substring(0, slash)).getAddress(),
                    Integer.parseInt(prefix.substring(slash + 1)),
                    use);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("written above as an address", e);
        }
    }
}
