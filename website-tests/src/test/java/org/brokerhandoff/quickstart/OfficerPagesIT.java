package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.VerifyProgress;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.evidence.NewestCheckpoint;
import org.brokerhandoff.audit.live.LivePage;
import org.brokerhandoff.audit.report.Figures;
import org.brokerhandoff.audit.report.ReportDocument;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.quickstart.Chromium.Look;
import org.brokerhandoff.schemas.EventCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The report, the live page and a sandbox broker's page, over the log of a running quickstart, in a real Chromium. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith({Chromium.Provider.class, RunningSite.Provider.class})
@SuppressWarnings("NullAway.Init") // set before the first test
class OfficerPagesIT {
    /** No other test has anything to do with it, so it may be made to fail. */
    private static final String BROKER = "kontinent-handel";

    private Chromium browser;
    private RunningSite site;
    private LivePage live;
    private String livePage;
    private String sandbox;
    private String held;
    private LedgerProcess ledger;

    private Path directory;

    @BeforeAll
    void start(RunningSite running, Chromium chromium, @TempDir Path temporary) throws IOException {
        directory = temporary;
        site = running;
        browser = chromium;
        sandbox = running.brokerPage(BROKER);
        ledger = LedgerProcess.start(running.clients(), temporary);
        live = LivePage.start(running.clients(), Optional.empty(), Optional.of(ledger.trust()), "127.0.0.1", 0);
        livePage = live.address().toString().replaceAll("/$", "");
        String delivered = register();
        var unused = running.askOfDisclosure(delivered);
        await().atMost(1, TimeUnit.MINUTES)
                .until(() -> sandbox("/books").contains("\"accepted\":")
                        && sandbox("/books/" + delivered).contains("\"accepted\":true"));
        Visitor forger = new Visitor(sandbox);
        URI endpoint = URI.create(Pattern.compile("http://[^<]*/handoffs")
                .matcher(sandbox("/"))
                .results()
                .findFirst()
                .orElseThrow()
                .group());
        forger.send(HttpRequest.newBuilder(endpoint)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        forger.send(HttpRequest.newBuilder(URI.create(sandbox + "/handoffs"))
                .PUT(HttpRequest.BodyPublishers.ofString("503:1")));
        held = register();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sandbox("/books/" + held).contains("\"failed\":"));
        await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(ledger.checkpoint()));
        report("holds.html", "en", Duration.ofDays(7));
        report("broken.html", "nb", Duration.ofMillis(1));
    }

    @AfterAll
    void stop() {
        if (ledger != null) {
            ledger.close();
        }
        if (live != null) {
            live.close();
        }
    }

    @BeforeEach
    void lookWide() {
        browser.look(Look.WIDE_LIGHT);
        var unused = browser.console();
        unused = browser.requested();
    }

    /** No rule of the content security policy was broken, and nothing came from elsewhere. */
    @AfterEach
    void nothingIsLoadedFromElsewhere() {
        assertThat(browser.console())
                .filteredOn(line -> !line.contains("status of 4"))
                .isEmpty();
        assertThat(browser.requested())
                .isNotEmpty()
                .allSatisfy(address -> assertThat(address)
                        .matches("(file:|" + Pattern.quote(livePage) + "|" + Pattern.quote(sandbox) + "|"
                                + Pattern.quote(site.brokerPage("helpdesk")) + ").*"));
    }

    private String register() throws IOException {
        Visitor visitor = new Visitor(site.address());
        var unused = visitor.post(
                "/en/register",
                visitor.form("/en/", "/en/register"),
                "fullName",
                "Liv Sandkasse Page-Test",
                "email",
                "liv.sandkasse.p3w9@example.no",
                "country",
                "DE",
                "recipients",
                BROKER);
        return new ObjectMapper()
                .readTree(visitor.get("/en/receipt").body())
                .path("recordId")
                .asText();
    }

    private String sandbox(String path) {
        return new Visitor(sandbox).get(path).body();
    }

    private void report(String file, String language, Duration longestHold) throws IOException {
        Instant now = Instant.now();
        Figures figures = new Figures(now);
        EventCodec codec = new EventCodec();
        AuditVerifier.Task plain = new AuditVerifier.Task(now, false);
        AuditVerifier.Task task = new AuditVerifier.Task(
                now, false, longestHold, plain.promise(), plain.policy(), plain.before(), plain.folders());
        Verdict verdict = AuditVerifier.verify(site.clients(), codec, task, VerifyProgress.NONE, figures);
        Files.writeString(
                directory.resolve(file),
                new ReportDocument(
                                verdict,
                                figures,
                                NewestCheckpoint.of(site.clients(), codec, Optional.of(ledger.trust())),
                                Wording.in(language).orElseThrow())
                        .html());
    }

    private void openReport(String file) {
        browser.visit("file://");
        browser.open(directory.resolve(file).toString());
    }

    private void openLive(String path) {
        browser.visit(livePage);
        browser.open(path);
    }

    private void openSandbox(String path) {
        browser.visit(sandbox);
        browser.open(path);
    }

    @Test
    void axe_finds_nothing_and_no_page_is_wider_than_the_window() {
        Map<String, Runnable> pages = new LinkedHashMap<>();
        pages.put("report", () -> openReport("holds.html"));
        pages.put("live", () -> openLive("/"));
        pages.put("live-signup", () -> openLive("/signup?id=" + held));
        pages.put("live-nb", () -> openLive("/?language=nb"));
        pages.put("sandbox", () -> openSandbox("/"));
        pages.put("sandbox-signup", () -> openSandbox("/signup?id=" + held));
        int number = 0;
        for (Map.Entry<String, Runnable> page : pages.entrySet()) {
            page.getValue().run();
            for (Look look : Look.values()) {
                lookAt(page.getKey(), look, number);
            }
            number++;
        }
        // These have next to nothing that the others do not have.
        pages.clear();
        pages.put("report-broken", () -> openReport("broken.html"));
        pages.put("live-unknown", () -> openLive("/signup?id=" + UUID.randomUUID()));
        pages.put("live-signup-nb", () -> openLive("/signup?language=nb&id=" + held));
        pages.put("live-nothing-owed", () -> openLive("/?kind=notice&due=overdue"));
        pages.put("sandbox-error", () -> openSandbox("/?kind=nonsense"));
        pages.put("sandbox-nothing", () -> openSandbox("/?kind=other"));
        pages.forEach((name, open) -> {
            open.run();
            lookAt(name, Look.NARROW_DARK, 1);
        });
    }

    private void lookAt(String page, Look look, int number) {
        browser.look(look);
        if (look.isForAxe(number)) {
            assertThat(browser.axe()).as(page + " " + look).isEmpty();
        }
        assertThat(browser.scrollsSideways()).as(page + " " + look).isFalse();
        browser.picture(page + "-" + look);
    }

    @Test
    void without_script_the_report_gives_its_verdict_first_and_its_numbers_lead_to_ids() {
        browser.runScripts(false);
        try {
            openReport("holds.html");
            assertThat(browser.find("main > :first-child").getText())
                    .startsWith("✓")
                    .contains("rules hold");
            assertThat(browser.find(".facts").getText())
                    .contains(LedgerProcess.ORIGIN + ": ", "verified", "No witness");
            browser.assertEveryStopIsSeenInOrder();
            browser.tabTo(".tile .figure a");
            browser.press(Keys.ENTER);
            assertThat(browser.path()).endsWith("#ids-1");
            assertThat(browser.find(".idset:target").getText()).containsPattern("[0-9a-f]{8}-[0-9a-f]{4}-");
        } finally {
            browser.runScripts(true);
        }
    }

    @Test
    void what_does_not_hold_is_said_first_and_leads_to_rule_and_signup() {
        openReport("broken.html");
        WebElement verdict = browser.find("main > :first-child");
        assertThat(verdict.getText()).startsWith("✕");
        browser.tabTo(".verdict a");
        browser.press(Keys.ENTER);
        assertThat(browser.path()).endsWith("#findings");
        // It is broken for every signup, of which some are listed.
        assertThat(browser.find("#findings").getText())
                .contains("hold-bounded")
                .containsPattern("[0-9a-f]{8}-[0-9a-f]{4}-7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"holds.html", "broken.html"})
    void on_paper_nothing_is_cut_off(String report) throws IOException {
        openReport(report);
        byte[] pdf = browser.print();
        assertThat(Pattern.compile("/Type\\s*/Page\\b")
                        .matcher(new String(pdf, StandardCharsets.ISO_8859_1))
                        .results()
                        .count())
                .isBetween(2L, 60L);
        String folder = System.getProperty("handoff.test.pictures");
        if (folder != null) {
            Files.write(Path.of(folder, report.replace("html", "pdf")), pdf);
        }
        assertThat(browser.cutOffOnPaper()).isEmpty();
    }

    @Test
    void a_signup_that_its_broker_fails_is_found_made_to_be_taken_and_goes_away_without_a_reload() {
        openLive("/");
        browser.assertEveryStopIsSeenInOrder();
        String oldest = "#tiles a[href='/signup?id=" + held + "']";
        browser.await(page -> page.all(oldest).size() == 1);
        browser.tabTo(oldest);
        browser.press(Keys.ENTER);
        browser.awaitPath("/signup?id=" + held);
        assertThat(browser.find(".timeline").getText()).contains("Broker chosen", "Assigned", BROKER);

        openSandbox("/");
        assertThat(browser.find("#requests").getText()).contains("503 failed");
        browser.assertEveryStopIsSeenInOrder();
        browser.open("/");
        browser.tabTo("#handoffs-behaviour");
        browser.press("accept", Keys.ENTER);
        browser.awaitPath("/?changed=handoffs#behaviour");
        assertThat(browser.find("[role=status]").getText()).startsWith("Changed: handoffs");

        openLive("/");
        var unused = browser.script("window.loadedOnce = true");
        browser.await(page -> page.all(oldest).isEmpty());
        assertThat(browser.script("return window.loadedOnce")).isEqualTo(true);
        browser.tabTo("#id");
        browser.press(held, Keys.ENTER);
        browser.awaitPath("/signup?id=" + held);
        assertThat(browser.find(".timeline").getText()).contains("Delivered");
        // The proof comes later than the page, and without a reload.
        browser.await(page -> page.find("#proof").getText().contains("complete: "));
        assertThat(browser.find("#proof").getText())
                .containsPattern("complete: ([1-9]\\d*) of \\1\\b")
                .contains("of " + LedgerProcess.ORIGIN, "signed by the log alone, NOT WITNESSED");
        browser.tabTo("footer a[hreflang=nb]");
        browser.press(Keys.ENTER);
        browser.await(page -> page.find("#proof").getText().contains("fullstendig: "));
        assertThat(browser.find(".timeline").getText()).contains("Overlevert");
        assertThat(browser.axe()).isEmpty();
    }

    @Test
    void a_choice_of_work_stands_in_the_address_and_survives_a_reload() {
        openLive("/");
        browser.tabTo("#kind");
        browser.press("requests for disclosure");
        browser.tabTo("#work form button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/?kind=disclosure&due=&broker=#work");
        browser.open(browser.path());
        assertThat(browser.find("#kind").getDomProperty("value")).isEqualTo("disclosure");
        browser.tabTo("footer a[hreflang=nb]");
        browser.press(Keys.ENTER);
        browser.awaitPath("/?kind=disclosure&language=nb");
        browser.open(browser.path());
        assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo("nb");
        assertThat(browser.find("#worklist").getText()).contains("utlevering: ").doesNotContain("varsel: ");
        browser.tabTo("#work form button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/?language=nb&kind=disclosure&due=&broker=#work");
        browser.tabTo("footer a[hreflang=en]");
        browser.press(Keys.ENTER);
        browser.awaitPath("/?kind=disclosure&language=en");
        assertThat(browser.find("#worklist").getText()).contains("disclosure: ").doesNotContain("notice: ");
        browser.tabTo("#worklist td a");
        browser.press(Keys.ENTER);
        browser.await(page -> page.path().startsWith("/signup?id="));
        assertThat(browser.find(".timeline").getText()).contains("DisclosureRequested");
    }

    @Test
    void a_choice_of_requests_stands_in_the_address_and_a_link_leads_to_the_signup() {
        openSandbox("/");
        browser.tabTo("#only");
        browser.press("wrong");
        browser.tabTo("#requests form button");
        browser.press(Keys.ENTER);
        browser.awaitPath("/?kind=&only=signature#requests");
        browser.open(browser.path());
        assertThat(browser.find("#only").getDomProperty("value")).isEqualTo("signature");
        assertThat(browser.find("#requestlist").getText())
                .contains("401 unauthorized", "missing: webhook-id")
                .doesNotContain("accepted");
        browser.open("/?kind=handoff");
        browser.tabTo("#requestlist td a");
        browser.press(Keys.ENTER);
        browser.await(page -> page.path().startsWith("/signup?id="));
        assertThat(browser.text()).contains("Valid handoffs").doesNotContain("Sandkasse");
    }

    @Test
    void a_behaviour_that_cannot_be_read_changes_nothing_and_is_not_lost() {
        openSandbox("/");
        browser.tabTo("#notices-behaviour");
        browser.press("sulk", Keys.ENTER);
        browser.await(page -> page.all(".problem").size() == 1);
        assertThat(browser.find(".problem").getAriaRole()).isEqualTo("alert");
        browser.await(page -> "notices-behaviour".equals(page.focused().getDomAttribute("id")));
        assertThat(browser.focused().getDomProperty("value")).isEqualTo("sulk");
        assertThat(browser.axe()).isEmpty();
        browser.look(Look.NARROW_DARK);
        assertThat(browser.axe()).isEmpty();
        browser.picture("sandbox-problem");
        assertThat(sandbox("/behaviour")).doesNotContain("sulk");
    }

    @Test
    void the_page_of_another_site_cannot_empty_the_books_and_this_one_can() throws IOException {
        String helpdesk = site.brokerPage("helpdesk");
        Path elsewhere = directory.resolve("elsewhere.html");
        Files.writeString(
                elsewhere,
                "<!doctype html><title>Elsewhere</title><form method=post action='" + helpdesk
                        + "/'><input name=what value=books><button>Win</button></form>");
        browser.openElsewhere("file://" + elsewhere);
        browser.find("button").click();
        browser.await(page -> page.text().contains("Nothing was changed"));
        assertThat(new Visitor(helpdesk).get("/books").body()).doesNotContain("\"signups\":0");
        browser.visit(helpdesk);
        browser.open("/");
        browser.tabTo("#books form[method=post] button");
        browser.press(Keys.SPACE);
        browser.awaitPath("/?changed=books#behaviour");
        assertThat(browser.find("[role=status]").getText()).isEqualTo("The books are empty now.");
    }
}
