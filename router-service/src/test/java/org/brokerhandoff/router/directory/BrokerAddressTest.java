package org.brokerhandoff.router.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://broker.example:8080?key=abc | http://broker.example:8080/?key=abc",
                "https://broker.example | https://broker.example/",
                "https://broker.example? | https://broker.example/?",
                "HTTPS://Broker.EXAMPLE/Path | https://broker.example/Path",
                "https://broker.example:443/x | https://broker.example/x",
                "http://broker.example:80/x | http://broker.example/x",
                "http://broker.example:443/x | http://broker.example:443/x",
                "https://broker.example:/x | https://broker.example/x",
                "https://broker.example:08443/x | https://broker.example:8443/x",
                "https://broker.example:65535/ | https://broker.example:65535/",
                "https://broker.example./x | https://broker.example/x",
                "https://b\u00fccher.example/x | https://xn--bcher-kva.example/x",
                "https://B\u00dcCHER.example/x | https://xn--bcher-kva.example/x",
                "https://xn--bcher-kva.example/x | https://xn--bcher-kva.example/x",
                "https://\u043f\u0440\u0438\u043c\u0435\u0440.example/ | https://xn--e1afmkfd.example/",
                "https://broker\u3002example/x | https://broker.example/x",
                "https://a.example/./b/../c | https://a.example/c",
                "https://a.example/b/.. | https://a.example/",
                "https://a.example/b/. | https://a.example/b/",
                "https://a.example/../../b | https://a.example/b",
                "https://a.example/%2e%2E/b | https://a.example/b",
                "https://a.example//b//c/ | https://a.example//b//c/",
                "https://a.example/%7euser/%c3%a9%2f | https://a.example/~user/%C3%A9%2F",
                "https://a.example/\u00e9 | https://a.example/%C3%A9",
                "https://a.example/x?a=%41%2b&b=/?c | https://a.example/x?a=A%2B&b=/?c",
                "https://127.0.0.1:8443/x | https://127.0.0.1:8443/x",
                "https://[2001:DB8:0:0:0:0:0:1]/x | https://[2001:db8::1]/x",
                "https://[::1]:443/x | https://[::1]/x",
                "https://[2001:db8:0:1:1:1:1:1]/ | https://[2001:db8:0:1:1:1:1:1]/",
                "https://[1:0:0:2:0:0:0:3]/ | https://[1:0:0:2::3]/",
                "https://[::]/ | https://[::]/",
                "https://[1::]/ | https://[1::]/",
                "https://[::ffff:192.0.2.1]/ | https://192.0.2.1/",
            })
    void every_address_has_one_normal_form_which_stays_as_it_is(String text, String normal) {
        assertThat(BrokerAddress.of(text)).isEqualTo(new BrokerAddress.Valid(URI.create(normal)));
        assertThat(BrokerAddress.of(normal)).isEqualTo(new BrokerAddress.Valid(URI.create(normal)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "broker.example/x",
                "//broker.example/x",
                "https:/broker.example",
                "https:broker.example",
                "https://",
                "https:///x",
                "https://?x",
                "ftp://broker.example/",
                "file:///etc/passwd",
                "javascript://broker.example/",
                "https://broker.example/#",
                "https://broker.example/#x",
                "https://user@broker.example/",
                "https://user:word@broker.example/",
                "https://@broker.example/",
                "https://broker.example\\@other.example/",
                "https://broker.example:0/",
                "https://broker.example:65536/",
                "https://broker.example:99999999999/",
                "https://broker.example:-1/",
                "https://broker.example:8x/",
                "https://broker.example:80:80/",
                "https://broker..example/",
                "https://.broker.example/",
                "https://-broker.example/",
                "https://bro_ker.example/",
                "https://bro%6ber.example/",
                "https://bro ker.example/",
                "https://bro\u200bker.example/",
                "https://bro\u200dker.example/",
                "https://stra\u00dfe.example/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://127.0.0.256/",
                "https://127.0.0.0x1/",
                "https://1.2.3.4.5/",
                "https://[::1/",
                "https://::1/",
                "https://[::1]x/",
                "https://[fe80::1%25eth0]/",
                "https://[fe80::1%eth0]/",
                "https://[v1.x]/",
                "https://[127.0.0.1]/",
                "https://[1:2:3]/",
                "https://a.example/%",
                "https://a.example/%4",
                "https://a.example/%zz",
                "https://a.example/%00",
                "https://a.example/%0d%0aX",
                "https://a.example/a b",
                "https://a.example/a\tb",
                "https://a.example/a\nb",
                "https://a.example/a\u2028b",
                "https://a.example/a\u202eb",
                "https://a.example/<x>",
                "https://a.example/a\\b",
                "https://a.example/?a[b]=c",
                "https://a.example/?a={b}",
                "https://a.example/whsec_abc",
                " https://a.example/",
                "https://a.example/ ",
            })
    void what_is_no_address_is_refused(String text) {
        assertThat(BrokerAddress.of(text)).isInstanceOf(BrokerAddress.Invalid.class);
    }

    @Test
    void an_address_is_bounded_before_and_after_it_is_encoded() {
        assertThat(BrokerAddress.of("https://a.example/" + "x".repeat(494))).isInstanceOf(BrokerAddress.Valid.class);
        assertThat(BrokerAddress.of("https://a.example/" + "x".repeat(495))).isInstanceOf(BrokerAddress.Invalid.class);
        assertThat(BrokerAddress.of("https://a.example/" + "\u00e9".repeat(200)))
                .isInstanceOf(BrokerAddress.Invalid.class);
        assertThat(BrokerAddress.of("https://" + "a.".repeat(200) + "example/"))
                .isInstanceOf(BrokerAddress.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a.example | https://a.example/ID",
                "https://a.example/ | https://a.example/ID",
                "https://a.example/handoffs | https://a.example/handoffs/ID",
                "https://a.example/handoffs/ | https://a.example/handoffs/ID",
                "https://a.example/handoffs?key=abc | https://a.example/handoffs/ID?key=abc",
                "https://a.example?key=a/b | https://a.example/ID?key=a/b",
                "https://a.example/x%2F?k=%26 | https://a.example/x%2F/ID?k=%26",
            })
    void what_stands_below_goes_between_path_and_query(String text, String below) {
        URI address = ((BrokerAddress.Valid) BrokerAddress.of(text)).uri();
        assertThat(BrokerAddress.below(address, "ID")).hasToString(below);
    }

    @Test
    void no_text_makes_it_throw_and_what_is_valid_is_stable() {
        String valid = "https://user@b\u00fccher.example:8443/a/%41/../b?c=d#e[::1]";
        Random random = new Random(3);
        for (int run = 0; run < 50_000; run++) {
            StringBuilder text = new StringBuilder(valid);
            for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.deleteCharAt(at);
                } else {
                    text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
                }
            }
            if (BrokerAddress.of(text.toString()) instanceof BrokerAddress.Valid once) {
                assertThat(BrokerAddress.of(once.uri().toString())).isEqualTo(once);
            }
        }
    }
}
