package org.brokerhandoff.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void texts_and_attributes_are_escaped_and_void_elements_are_not_closed() {
        Element element = Element.of("a", "<b>&'\"").with("href", "\"><script>").add(Element.of("br"));
        assertThat(element.markup())
                .isEqualTo("<a href=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;&quot;<br></a>");
    }

    @Test
    void the_policy_allows_the_style_of_the_page_by_its_digest_and_no_script() throws Exception {
        String page = new Page("en", "Title & more").html();
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        String digest = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(Page.POLICY).contains("default-src 'none'").contains("'sha256-" + digest + "'");
        assertThat(Page.SERVED_POLICY).contains("'sha256-" + digest + "'").doesNotContain("unsafe");
        assertThat(page)
                .startsWith("<!doctype html>\n<html lang=\"en\">")
                .contains("<title>Title &amp; more</title>")
                .contains("http-equiv=\"Content-Security-Policy\"")
                .doesNotContain("<script")
                .doesNotContain("://");
    }

    @Test
    void a_served_page_names_its_script_and_leaves_the_policy_to_the_server() {
        assertThat(new Page("en", "t").withScript("/page.js").html())
                .contains("<script src=\"/page.js\" defer=\"\"></script>")
                .doesNotContain("http-equiv");
    }

    @Test
    void the_style_needs_nothing_from_elsewhere() {
        String page = new Page("en", "t").html();
        assertThat(page).doesNotContain("url(").doesNotContain("@import").doesNotContain("style=\"");
    }

    @Test
    void a_bar_that_is_not_nothing_is_seen_and_the_chart_says_the_same_in_words() {
        Element chart = Chart.bars(
                "Times",
                List.of(
                        new Chart.Bar("under 1 s", 0, "0", ""),
                        new Chart.Bar("1 to 3 s", 1, "1", "#ids-1"),
                        new Chart.Bar("3 to 10 s", 1_000_000, "1,000,000", "")));
        assertThat(chart.markup())
                .contains("aria-label=\"Times: under 1 s 0, 1 to 3 s 1, 3 to 10 s 1,000,000\"")
                .contains("width=\"0\"")
                .contains("width=\"2\"")
                .contains("width=\"180\"")
                .contains("<a href=\"#ids-1\" aria-label=\"1 to 3 s: 1\">");
    }

    @Test
    void a_chart_is_as_wide_as_its_longest_label_and_shortens_one_that_is_longer_than_a_line() {
        String chart = Chart.bars(
                        "Recipients",
                        List.of(
                                new Chart.Bar("kontinent-handel", 1, "1", ""),
                                new Chart.Bar("x".repeat(60), 2, "2", "")))
                .markup();
        assertThat(chart).contains("viewBox=\"0 0 530 64\"").contains(">" + "x".repeat(31) + "…<");
    }

    @Test
    void what_has_a_mood_has_a_sign_beside_its_colour() {
        assertThat(Blocks.badge(Mood.BAD, "broken").markup()).contains("✕").contains("broken");
        assertThat(Blocks.badge(Mood.GOOD, "holds").markup()).contains("✓");
        assertThat(Blocks.badge(Mood.PLAIN, "not seen").markup())
                .isEqualTo("<span class=\"badge plain\">not seen</span>");
    }
}
