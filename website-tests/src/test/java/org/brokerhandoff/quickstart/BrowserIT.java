package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.brokerhandoff.quickstart.Chromium.Look;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The sample website in a real Chromium: by keyboard, at two widths, light and dark, in both languages, looked at by axe. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith({Chromium.Provider.class, RunningSite.Provider.class})
@SuppressWarnings("NullAway.Init") // set before the first test
class BrowserIT {
    private static final String NAME = "Torbjørn Ås Browser-Test";
    private static final String EMAIL = "torbjorn.qv8k2@example.no";

    private RunningSite site;
    private Chromium browser;

    @BeforeAll
    void start(RunningSite running, Chromium chromium) {
        site = running;
        browser = chromium;
        browser.visit(running.address());
    }

    @BeforeEach
    void newBrowser() {
        browser.open("/en/contact");
        browser.forgetCookies();
        browser.look(Look.WIDE_LIGHT);
    }

    /** No rule of the content security policy was broken, and nothing came from, or went to, anybody else. */
    @AfterEach
    void nothingIsLoadedFromElsewhere() {
        assertThat(browser.console()).filteredOn(line -> !expected(line)).isEmpty();
        assertThat(browser.requested())
                .isNotEmpty()
                .allSatisfy(address -> assertThat(address).startsWith(site.address() + "/"));
    }

    /** Chromium says in the console, too, that a form was refused. */
    private static boolean expected(String line) {
        return line.contains("status of 422") || line.contains("status of 404");
    }

    @ParameterizedTest
    @CsvSource({"en, WIDE_LIGHT", "nb, NARROW_DARK"})
    void a_person_registers_by_keyboard_follows_the_status_and_withdraws(String language, Look look)
            throws IOException {
        browser.look(look);
        browser.open("/" + language + "/");
        browser.tabTo("#fullName");
        browser.press(NAME);
        browser.tabTo("#email");
        browser.press(EMAIL);
        browser.tabTo("#country");
        browser.press(language.equals("nb") ? "Norge" : "Norway");
        browser.tabTo("#phone");
        browser.press("912 34 567");
        browser.tabTo("#recipient-fjord-markets");
        browser.press(Keys.SPACE);
        browser.tabTo(".consent button");
        browser.picture("register-filled-" + language + "-" + look);
        browser.look(look);
        browser.press(Keys.ENTER);
        browser.awaitPath("/" + language + "/status");
        // Without a reload: the page follows by itself.
        browser.await(page -> page.all("[data-live=true]").size() == 1);
        assertThat(browser.text()).contains("Fjord Markets AS");
        assertThat(browser.find("[data-level]").getText()).isNotEmpty();
        assertThat(browser.find(".card a").getDomAttribute("href")).isEqualTo("https://fjord-markets.example/privacy");
        assertThat(browser.axe()).isEmpty();
        assertThat(browser.scrollsSideways()).isFalse();
        browser.picture("status-" + language + "-" + look);
        browser.look(look);

        browser.tabTo(".withdraw a");
        browser.press(Keys.ENTER);
        browser.awaitPath("/" + language + "/withdraw");
        assertThat(browser.axe()).isEmpty();
        browser.picture("withdraw-" + language + "-" + look);
        browser.look(look);
        browser.tabTo("main button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/" + language + "/status");
        browser.await(page -> page.all("[data-live=true]").size() == 1);
        assertThat(browser.text())
                .contains(language.equals("nb") ? "Fjord Markets AS har bekreftet" : "Fjord Markets AS has confirmed");
        assertThat(browser.axe()).isEmpty();
        browser.picture("withdrawn-" + language + "-" + look);
        assertThat(site.find(NAME, EMAIL)).isEmpty();
    }

    @Test
    void a_person_objects_by_keyboard_and_reads_that_the_broker_has_been_told() throws IOException {
        browser.look(Look.WIDE_DARK);
        browser.open("/en/");
        browser.tabTo("#fullName");
        browser.press(NAME);
        browser.tabTo("#email");
        browser.press(EMAIL);
        browser.tabTo("#country");
        browser.press("Norway");
        browser.tabTo("#recipient-fjord-markets");
        browser.press(Keys.SPACE);
        browser.tabTo(".consent button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/en/status");
        browser.await(page -> page.all("[data-live=true]").size() == 1);
        browser.tabTo("a[href='/en/rights']");
        browser.press(Keys.ENTER);
        browser.awaitPath("/en/rights");
        browser.tabTo("input[name=right]");
        browser.press(Keys.SPACE, Keys.ARROW_UP);
        assertThat(browser.find("#right-objection").isSelected()).isTrue();
        browser.tabTo("main button");
        browser.press(Keys.ENTER);
        browser.await(page -> page.all(".card").size() == 1);
        browser.await(page -> {
            page.open("/en/rights");
            return page.text().contains("Fjord Markets AS has confirmed");
        });
        assertThat(browser.text()).contains("Objection: being worked on");
        assertThat(browser.axe()).isEmpty();
        browser.picture("rights-wide-dark");
        browser.look(Look.NARROW_LIGHT);
        browser.open("/nb/rights");
        assertThat(browser.text()).contains("Protest: under arbeid", "Fjord Markets AS har bekreftet");
        assertThat(browser.axe()).isEmpty();
        assertThat(browser.scrollsSideways()).isFalse();
        browser.picture("rights-narrow-light");
        assertThat(site.find(NAME, EMAIL)).isEmpty();
    }

    @Test
    void a_message_is_written_by_keyboard_and_reaches_the_helpdesk() throws IOException {
        browser.open("/en/contact");
        browser.tabTo("#name");
        browser.press(NAME, Keys.TAB, EMAIL, Keys.TAB, "Question", Keys.TAB, "Who has it?", Keys.ENTER, "Please say.");
        browser.tabTo("main button");
        browser.press(Keys.SPACE);
        browser.awaitPath("/en/status");
        browser.await(page -> page.all("[data-live=true]").size() == 1);
        assertThat(browser.text()).contains("The helpdesk has your message");
        assertThat(browser.axe()).isEmpty();
        browser.picture("status-message");
        assertThat(site.find(NAME, EMAIL, "Please say.")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "nb"})
    void errors_are_named_get_the_focus_and_lose_nothing_that_was_written(String language) {
        browser.open("/" + language + "/");
        browser.find("#fullName").sendKeys(NAME);
        browser.find("#email").sendKeys("no-address");
        browser.find("#phone").sendKeys("12");
        browser.tabTo(".consent button");
        browser.press(Keys.ENTER);
        WebElement summary = browser.await(page -> {
            WebElement focused = page.focused();
            return focused.getDomAttribute("data-summary") != null ? focused : null;
        });
        assertThat(summary.getText()).contains(language.equals("nb") ? "3 ting må rettes" : "There are 3 problems");
        assertThat(summary.getAriaRole()).isEqualTo("alert");
        assertThat(browser.find("#email").getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(browser.find("#email").getDomAttribute("aria-describedby")).contains("email-error");
        assertThat(browser.find("#email-error").getText())
                .startsWith(language.equals("nb") ? "Skriv en e-postadresse" : "Write an e-mail address");
        assertThat(browser.find("#fullName").getDomProperty("value")).isEqualTo(NAME);
        assertThat(browser.axe()).isEmpty();
        browser.picture("errors-" + language);
        browser.look(Look.NARROW_LIGHT);
        browser.picture("errors-narrow-" + language);
        browser.look(Look.WIDE_LIGHT);

        browser.press(Keys.TAB, Keys.ENTER);
        assertThat(browser.focused().getDomAttribute("id")).isEqualTo("email");
        browser.find("#email").clear();
        browser.find("#email").sendKeys(EMAIL);
        browser.find("#phone").clear();
        browser.find("#country").sendKeys("No");
        browser.find("#recipient-nordlys-invest").click();
        browser.find(".consent button").click();
        browser.await(page -> page.path().equals("/" + language + "/status")
                || page.all("#country-error:not([hidden])").size() == 1);
    }

    @Test
    void a_choice_of_cookies_costs_nothing_that_is_half_written_and_can_be_changed() {
        browser.open("/en/");
        browser.find("#fullName").sendKeys(NAME);
        List<WebElement> buttons = browser.all("[data-banner] button");
        assertThat(buttons).extracting(WebElement::getText).containsExactly("Refuse all", "Accept all");
        // Neither is easier to take than the other.
        assertThat(buttons.get(0).getSize()).isEqualTo(buttons.get(1).getSize());
        for (String property : List.of("color", "background-color", "border-color", "font-weight", "font-size")) {
            assertThat(buttons.get(0).getCssValue(property))
                    .isEqualTo(buttons.get(1).getCssValue(property));
        }
        buttons.get(0).click();
        browser.await(page -> !page.find("[data-banner]").isDisplayed());
        browser.await(page -> String.valueOf(page.find("[data-announce]").getDomProperty("textContent"))
                .startsWith("Your choice"));
        assertThat(browser.find("#fullName").getDomProperty("value")).isEqualTo(NAME);
        assertThat(browser.cookie("cookies").orElseThrow()).doesNotContain("~");
        assertThat(browser.script("return document.cookie")).isEqualTo("");

        browser.open("/en/contact");
        assertThat(browser.all("[data-banner]")).isEmpty();
        browser.tabTo("footer nav a[href$='#choice']");
        browser.press(Keys.ENTER);
        browser.awaitPath("/en/cookies#choice");
        browser.tabTo("#kind-analytics");
        browser.press(Keys.SPACE);
        browser.tabTo("main button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/en/cookies?saved");
        assertThat(browser.cookie("cookies").orElseThrow()).endsWith("~analytics");
        assertThat(browser.find("[data-now]").getText()).isEqualTo("Analytics");
        assertThat(browser.axe()).isEmpty();
        browser.picture("cookies-saved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "nb"})
    void axe_finds_nothing_on_any_page_however_it_is_looked_at(String language) {
        // A page that has one look in English has the other in Norwegian.
        int number = language.equals("en") ? 0 : 1;
        for (String page : List.of("", "status", "contact", "privacy", "cookies", "none")) {
            browser.open("/" + language + "/" + page);
            assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo(language);
            lookAt((page.isEmpty() ? "register" : page) + "-" + language, number++);
            if (page.isEmpty()) {
                browser.find("summary").click();
                lookAt("register-unfolded-" + language, number);
            }
        }
    }

    private void lookAt(String page, int number) {
        for (Look look : Look.values()) {
            browser.look(look);
            if (look.isForAxe(number)) {
                assertThat(browser.axe()).as(page + " " + look).isEmpty();
            }
            assertThat(browser.scrollsSideways()).as(page + " " + look).isFalse();
            browser.picture(page + "-" + look);
        }
    }

    @ParameterizedTest
    @CsvSource({"en, WIDE_LIGHT", "nb, NARROW_DARK"})
    void a_question_whether_data_may_be_disclosed_is_read_and_answered_by_keyboard(String language, Look look)
            throws IOException {
        browser.look(look);
        browser.open("/" + language + "/");
        browser.find("#fullName").sendKeys(NAME);
        browser.find("#email").sendKeys(EMAIL);
        browser.find("#country").sendKeys(language.equals("nb") ? "Norge" : "Norway");
        browser.find("#recipient-fjord-markets").sendKeys(Keys.SPACE);
        browser.find(".consent button").click();
        browser.awaitPath("/" + language + "/status");
        String request =
                site.askOfDisclosure(String.valueOf(browser.script("const r = new XMLHttpRequest(); r.open('GET', '/"
                        + language + "/receipt', false); r.send(); return JSON.parse(r.responseText).recordId")));
        browser.open("/" + language + "/status");
        assertThat(browser.axe()).isEmpty();
        browser.tabTo("[data-question] a");
        browser.press(Keys.ENTER);
        browser.awaitPath("/" + language + "/question");
        assertThat(browser.axe()).isEmpty();
        assertThat(browser.scrollsSideways()).isFalse();
        browser.picture("question-" + language + "-" + look);
        browser.look(look);
        browser.tabTo("main button[value=no]");
        browser.press(Keys.ENTER);
        browser.await(page -> page.all("[data-answer]").size() == 1);
        assertThat(browser.axe()).isEmpty();
        browser.picture("question-answered-" + language + "-" + look);
        browser.look(look);
        assertThat(site.admin(request, "").at("/questions/0/answer/consented").asBoolean(true))
                .isFalse();
    }

    @Test
    void a_link_from_another_site_does_not_cost_the_session() {
        browser.open("/en/contact");
        browser.find("#name").sendKeys(NAME);
        browser.find("#email").sendKeys(EMAIL);
        browser.find("#subject").sendKeys("Link");
        browser.find("#text").sendKeys("Text");
        browser.find("main button").click();
        browser.awaitPath("/en/status");
        // The same server by another name is another site.
        browser.openElsewhere(site.address().replace("127.0.0.1", "localhost") + "/en/privacy");
        var unused = browser.script("location.href = '" + site.address() + "/en/status'");
        browser.await(page -> page.all("[data-headline]").size() == 1);
        assertThat(browser.path()).isEqualTo("/en/status?back");
        assertThat(browser.requested()).anyMatch(address -> address.equals(site.address() + "/en/status"));
        browser.open("/en/privacy");
    }

    @Test
    void the_first_tab_leads_past_the_navigation() {
        browser.open("/nb/");
        browser.press(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Hopp til innholdet");
        browser.press(Keys.ENTER, Keys.TAB);
        assertThat(browser.focused().getDomAttribute("id")).isEqualTo("fullName");
        assertThat(browser.all("input:not([type=hidden]), select, textarea").stream()
                        .map(field -> field.getAccessibleName())
                        .filter(String::isEmpty)
                        .collect(Collectors.joining()))
                .isEmpty();
    }
}
