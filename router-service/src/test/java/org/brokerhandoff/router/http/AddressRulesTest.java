package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a broker may have. */
class AddressRulesTest {
    private static byte[] bytes(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        assertThat(bytes).as(address).isNotNull();
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, this host or network",
        "0.255.255.255, this host or network",
        "10.0.0.0, private",
        "10.255.255.255, private",
        "100.64.0.0, shared by carriers",
        "100.100.100.200, shared by carriers",
        "100.127.255.255, shared by carriers",
        "127.0.0.1, loopback",
        "127.255.255.255, loopback",
        "168.63.129.16, metadata",
        "169.254.0.0, link-local",
        "169.254.169.254, metadata",
        "169.254.255.255, link-local",
        "172.16.0.0, private",
        "172.31.255.255, private",
        "192.0.0.192, protocol assignments",
        "192.0.2.1, documentation",
        "192.88.99.1, 6to4 relays",
        "192.168.0.1, private",
        "192.168.255.255, private",
        "198.18.0.0, benchmarks",
        "198.19.255.255, benchmarks",
        "198.51.100.7, documentation",
        "203.0.113.7, documentation",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "::, unspecified",
        "::1, loopback",
        "::7f00:1, compatible with IPv4",
        "::808:808, compatible with IPv4",
        "::ffff:0:7f00:1, not given out",
        "64:ff9b::7f00:1, loopback",
        "64:ff9b::a9fe:a9fe, metadata",
        "64:ff9b::a00:1, private",
        "64:ff9b:1::808:808, local NAT64",
        "100::1, not given out",
        "2001::1, Teredo",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, Teredo",
        "2001:2::1, protocol assignments",
        "2001:10::1, protocol assignments",
        "2001:20::1, protocol assignments",
        "2001:db8::1, documentation",
        "2002:7f00:1::1, 6to4",
        "2002:808:808::1, 6to4",
        "3fff::1, documentation",
        "4000::1, not given out",
        "5f00::1, not given out",
        "fc00::1, private",
        "fd00:ec2::254, metadata",
        "fdff:ffff::1, private",
        "fe80::1, link-local",
        "febf::1, link-local",
        "fec0::1, site-local",
        "ff02::1, multicast",
        "ff0e::1, multicast"
    })
    void an_address_that_is_not_of_the_public_internet_is_refused(String address, String use) {
        assertThat(AddressRules.refused(bytes(address))).contains(use);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "168.63.129.17",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "64:ff9b::808:808",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2003::1",
                "2606:4700:4700::1111",
                "2a00:1450::1",
                "3ffe::1"
            })
    void an_address_of_the_public_internet_is_taken(String address) {
        assertThat(AddressRules.refused(bytes(address))).isEmpty();
    }

    /** Whatever IPv4 address is refused is refused in its mapped form and behind NAT64 too, and the other way round. */
    @Test
    void a_form_that_carries_an_ipv4_address_is_judged_by_it() {
        Random random = new Random(4);
        for (int i = 0; i < 50_000; i++) {
            byte[] plain = new byte[4];
            random.nextBytes(plain);
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            byte[] nat64 = bytes("64:ff9b::");
            System.arraycopy(plain, 0, mapped, 12, 4);
            System.arraycopy(plain, 0, nat64, 12, 4);
            assertThat(AddressRules.refused(mapped)).isEqualTo(AddressRules.refused(plain));
            assertThat(AddressRules.refused(nat64)).isEqualTo(AddressRules.refused(plain));
        }
    }

    /** The JDK's own idea of private addresses, which is narrower, never takes what is refused there for public. */
    @Test
    void nothing_that_the_jdk_knows_to_be_local_is_taken() throws UnknownHostException {
        Random random = new Random(6);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            if (bytes.length == 16 && random.nextBoolean()) {
                bytes[0] = (byte) (0xfc + random.nextInt(4));
            }
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress()) {
                assertThat(AddressRules.refused(bytes)).as(address.toString()).isPresent();
            }
        }
    }
}
