package org.brokerhandoff.pages;

import java.util.List;
import java.util.stream.Collectors;

/** Charts as SVG, in the colours of the style sheet, with a text that says the same. */
public final class Chart {
    private static final int BAR_HEIGHT = 22;
    private static final int ROW = 30;
    private static final int SHORTEST_LABEL_WIDTH = 116;
    private static final int LONGEST_LABEL = 32;
    /** Of a character of the label, in the fonts of the style sheet. */
    private static final double CHARACTER_WIDTH = 8.4;

    private static final int BAR_WIDTH = 180;
    private static final int VALUE_WIDTH = 82;

    private Chart() {}

    /**
     * One bar.
     *
     * @param label what it counts
     * @param value its length
     * @param shown the value as text
     * @param target where its ids stand, such as {@code #ids-1}; empty: nowhere
     */
    public record Bar(String label, long value, String shown, String target) {}

    /** Lying bars, the longest as wide as there is room. One that is not nothing is seen. */
    public static Element bars(String title, List<Bar> bars) {
        long longest = Math.max(1, bars.stream().mapToLong(Bar::value).max().orElse(1));
        int labelWidth = (int) Math.max(
                SHORTEST_LABEL_WIDTH,
                bars.stream()
                                .mapToInt(bar -> shortened(bar.label()).length())
                                .max()
                                .orElse(0)
                        * CHARACTER_WIDTH);
        int height = bars.size() * ROW + 4;
        Element chart = Element.of("svg")
                .as("chart")
                .with("viewBox", "0 0 " + (labelWidth + BAR_WIDTH + VALUE_WIDTH) + " " + height)
                .with("role", "group")
                .with("aria-label", title + ": " + said(bars));
        int y = 2;
        for (Bar bar : bars) {
            long length = bar.value() == 0 ? 0 : Math.max(2, Math.round((double) BAR_WIDTH * bar.value() / longest));
            Element value = label(bar.shown(), labelWidth + 10 + length, y, "value");
            Element row = Element.of("g")
                    .add(
                            label(shortened(bar.label()), labelWidth, y, "name"),
                            Element.of("rect")
                                    .as("track")
                                    .with("x", labelWidth + 4L)
                                    .with("y", y + 2L)
                                    .with("width", BAR_WIDTH)
                                    .with("height", BAR_HEIGHT)
                                    .with("rx", 3),
                            Element.of("rect")
                                    .as("bar")
                                    .with("x", labelWidth + 4L)
                                    .with("y", y + 2L)
                                    .with("width", length)
                                    .with("height", BAR_HEIGHT)
                                    .with("rx", 3),
                            bar.target().isEmpty()
                                    ? value
                                    : Element.of("a")
                                            .with("href", bar.target())
                                            .with("aria-label", bar.label() + ": " + bar.shown())
                                            .add(value));
            chart.add(row);
            y += ROW;
        }
        return chart;
    }

    /** What is cut off here is said by {@link #said}. */
    private static String shortened(String label) {
        return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
    }

    private static String said(List<Bar> bars) {
        return bars.stream().map(bar -> bar.label() + " " + bar.shown()).collect(Collectors.joining(", "));
    }

    private static Element label(String text, long x, int y, String kind) {
        return Element.of("text", text).as(kind).with("x", x).with("y", y + 18L);
    }
}
