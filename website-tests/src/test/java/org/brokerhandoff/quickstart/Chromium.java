package org.brokerhandoff.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** An installed Chromium without a window, and its driver; its own profile that goes with it. One for each test class, so that they run side by side. */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Selenium's own half a second would be most of what a test takes. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** A4 at 96 pixels an inch, less margins of 14 mm. */
    private static final int PAPER_WIDTH_PIXELS = 688;

    private String site = "";
    private final ChromeDriver driver;

    /** How a page is looked at. */
    enum Look {
        WIDE_LIGHT(1280, "light"),
        WIDE_DARK(1280, "dark"),
        NARROW_LIGHT(390, "light"),
        NARROW_DARK(390, "dark");

        private final int width;
        private final String scheme;

        Look(int width, String scheme) {
            this.width = width;
            this.scheme = scheme;
        }

        /**
         * Whether axe looks at page number {@code page} this way, too. Contrast depends on the scheme, everything else on the width, and all
         * pages share a style sheet: so of the two looks that together have each scheme and each width, pages take one in turn. axe is most of
         * what these tests cost. The long form has all four.
         */
        boolean isForAxe(int page) {
            return this == (page % 2 == 0 ? WIDE_LIGHT : NARROW_DARK) || Boolean.getBoolean("handoff.test.long");
        }
    }

    /** Starts one; where none is installed, the test is left out, unless it is CI's. */
    private Chromium() {
        Optional<Path> browser = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = onPath("chromedriver");
        boolean installed = browser.isPresent() && chromedriver.isPresent();
        String missing = "chromium and chromedriver are needed for this test (Debian: chromium, chromium-driver)";
        assertThat(installed || !"true".equals(System.getenv("CI"))).as(missing).isTrue();
        Assumptions.assumeTrue(installed, missing);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(browser.get().toFile())
                .addArguments("--headless=new", "--disable-dev-shm-usage", "--lang=en-GB")
                // What no page of ours needs costs as much as what they do.
                .addArguments("--disable-gpu", "--disable-extensions", "--disable-background-networking")
                .addArguments("--disable-component-update", "--no-first-run");
        if ("root".equals(System.getProperty("user.name"))) {
            // Chromium's sandbox refuses to be root's.
            options.addArguments("--no-sandbox");
        }
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.get().toFile())
                        .build(),
                options);
        // axe takes as long as a busy machine lets it.
        var unused =
                driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(3)).pageLoadTimeout(Duration.ofMinutes(3));
        look(Look.WIDE_LIGHT);
    }

    private static Optional<Path> onPath(String... names) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void look(Look look) {
        var unused = driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", look.width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        unused = driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", look.scheme))));
    }

    /** Paths are those of this site from now on; without a slash at the end. */
    void visit(String address) {
        site = address;
    }

    void open(String path) {
        driver.get(site + path);
    }

    void openElsewhere(String address) {
        driver.get(address);
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** What has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses the tabulator until {@code css} has the focus, as a person without a mouse does. */
    void tabTo(String css) {
        for (int i = 0; i < 60; i++) {
            if (Boolean.TRUE.equals(driver.executeScript(
                    "return document.activeElement === document.querySelector(arguments[0])", css))) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("the keyboard does not reach " + css);
    }

    /** Whether one sees what has the focus: by a line around it, three pixels wide. */
    boolean focusIsSeen() {
        return Boolean.TRUE.equals(script("const style = getComputedStyle(document.activeElement);"
                + " return style.outlineStyle === 'solid' && style.outlineWidth === '3px'"));
    }

    /** Goes through the first stops of the keyboard: each is behind the one before it, and is seen. */
    void assertEveryStopIsSeenInOrder() {
        long before = -1;
        for (int i = 0; i < 30; i++) {
            press(Keys.TAB);
            long now = placeOfFocus();
            if (now < 0) {
                return;
            }
            assertThat(now).as("stop " + i).isGreaterThan(before);
            assertThat(focusIsSeen())
                    .as("stop " + i + ": " + focused().getTagName())
                    .isTrue();
            before = now;
        }
    }

    /** Whether scripts of pages run from the next page on. */
    void runScripts(boolean run) {
        var unused = driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !run));
    }

    /** The page on paper of size A4, as PDF. */
    byte[] print() {
        Object data = driver.executeCdpCommand(
                        "Page.printToPDF", Map.of("preferCSSPageSize", true, "paperWidth", 8.27, "paperHeight", 11.69))
                .get("data");
        return Base64.getDecoder().decode(String.valueOf(data));
    }

    /** How far from the begin of the page stands what has the focus; less than 0: it has left the page. */
    long placeOfFocus() {
        return ((Number) script("return document.activeElement === document.body ? -1"
                        + " : [...document.querySelectorAll('*')].indexOf(document.activeElement)"))
                .longValue();
    }

    /** What is cut off on paper: what is wider than A4 less its margins. */
    List<String> cutOffOnPaper() {
        var unused = driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", PAPER_WIDTH_PIXELS, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        unused = driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        Object found = script("return [...document.querySelectorAll('main *')]"
                + ".filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1"
                + " && getComputedStyle(each).position !== 'absolute')"
                + ".map(each => each.tagName + '.' + each.className + ' ' + each.textContent.slice(0, 40))");
        unused = driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    <T> T await(Function<Chromium, T> condition) {
        return new WebDriverWait(driver, PATIENCE, BETWEEN_LOOKS).until(waited -> condition.apply(this));
    }

    void awaitPath(String path) {
        await(browser -> path().equals(path));
        await(browser -> "complete".equals(script("return document.readyState")));
    }

    /** The path of the page that is shown. */
    String path() {
        return Objects.requireNonNull(driver.getCurrentUrl()).substring(site.length());
    }

    String text() {
        return find("body").getText();
    }

    Object script(String script) {
        return Objects.requireNonNullElse(driver.executeScript(script), "");
    }

    /** What axe-core finds against the page that is shown, by the rules of WCAG 2.2 A and AA and its best practices. */
    List<String> axe() {
        if (!Boolean.TRUE.equals(script("return Boolean(window.axe)"))) {
            var unused = driver.executeScript(AXE);
        }
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                  result => done(result.violations.flatMap(rule => rule.nodes.map(
                    node => rule.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary))),
                  failure => done(['axe failed: ' + failure]));
                """);
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    /** Whether the page is wider than the window. */
    boolean scrollsSideways() {
        return Boolean.TRUE.equals(
                script("return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
    }

    /** Keeps the whole page as a picture, where a folder for pictures is set. */
    void picture(String name) {
        String folder = System.getProperty("handoff.test.pictures");
        if (folder == null) {
            return;
        }
        Object height = script("return document.documentElement.scrollHeight");
        Object width = script("return window.innerWidth");
        var unused = driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        try {
            Files.createDirectories(Path.of(folder));
            Files.write(Path.of(folder, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the console said since it was asked last, such as violations of the content security policy. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Addresses that were asked for since this was asked last. */
    List<String> requested() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .map(message -> message.replaceAll("(?s).*\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    /** The value of a cookie; scripts do not see any. */
    Optional<String> cookie(String name) {
        return Optional.ofNullable(driver.manage().getCookieNamed(name)).map(cookie -> cookie.getValue());
    }

    void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** Starts a class's browser before its tests, and closes it after them. */
    static final class Provider implements BeforeAllCallback, ParameterResolver {
        @Override
        public void beforeAll(ExtensionContext context) {
            // Here and not where a parameter is asked for: a browser that is missing leaves tests out, and is no error.
            var unused = context.getStore(ExtensionContext.Namespace.create(Chromium.class))
                    .computeIfAbsent(Chromium.class, type -> new Chromium(), Chromium.class);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(Chromium.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return Objects.requireNonNull(context.getStore(ExtensionContext.Namespace.create(Chromium.class))
                    .get(Chromium.class, Chromium.class));
        }
    }

    private static final String AXE = read();

    private static String read() {
        try (InputStream file =
                Objects.requireNonNull(Chromium.class.getResourceAsStream("/axe.min.js"), "axe.min.js")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
