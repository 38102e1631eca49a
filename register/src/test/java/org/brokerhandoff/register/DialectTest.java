package org.brokerhandoff.register;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.postgresql.PGProperty;

class DialectTest {
    private static HikariConfig pool(String url) {
        return Dialect.of(url).pool(new RegisterSettings(url, Optional.of("register"), Optional.of("secret")));
    }

    @Test
    void a_database_whose_host_is_lost_is_not_waited_for_without_end() {
        assertThat(pool("jdbc:postgresql://db/register").getDataSourceProperties())
                .containsEntry(PGProperty.SOCKET_TIMEOUT.getName(), "60");
    }

    @Test
    void the_url_may_have_another_limit_and_two_servers() throws SQLException {
        String url = "jdbc:postgresql://db1,db2/register?targetServerType=primary&socketTimeout=600";
        Properties given = pool(url).getDataSourceProperties();

        assertThat(DriverManager.getDriver(url).getPropertyInfo(url, given))
                .filteredOn(property -> property.name.equals(PGProperty.SOCKET_TIMEOUT.getName()))
                .extracting(property -> property.value)
                .containsExactly("600");
    }

    @Test
    void a_file_has_no_such_limit() {
        assertThat(pool("jdbc:sqlite:register.db").getDataSourceProperties())
                .doesNotContainKey(PGProperty.SOCKET_TIMEOUT.getName());
    }
}
