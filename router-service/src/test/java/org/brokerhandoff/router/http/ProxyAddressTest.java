package org.brokerhandoff.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyAddressTest {
    @Test
    void kind_address_and_login_are_read() {
        ProxyOptions options =
                ProxyAddress.of("socks5://user:p%40ss:word@proxy.example:1080").options();
        assertThat(options.getType()).isEqualTo(ProxyType.SOCKS5);
        assertThat(options.getHost()).isEqualTo("proxy.example");
        assertThat(options.getPort()).isEqualTo(1080);
        assertThat(options.getUsername()).isEqualTo("user");
        assertThat(options.getPassword()).isEqualTo("p@ss:word");
    }

    @Test
    void what_is_no_address_is_refused_without_a_word_of_the_password() {
        for (String wrong : List.of(
                "http://user:hid|den@proxy.example:3128",
                "http://user:hidden%@proxy.example:3128",
                "http://user:hidden@proxy_one:3128",
                "http://user:hidden@proxy.example:70000")) {
            assertThatThrownBy(() -> ProxyAddress.of(wrong))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("HANDOFF_DELIVERY_PROXY")
                    .hasNoCause()
                    .message()
                    .doesNotContain("hid", "user:");
        }
        assertThat(ProxyAddress.of("http://user:hidden@proxy.example:3128")).hasToString("http://proxy.example:3128");
    }
}
