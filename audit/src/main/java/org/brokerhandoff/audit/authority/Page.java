package org.brokerhandoff.audit.authority;

import java.util.List;

/** One self-contained HTML page: no script, no asset of anybody's, readable without style, dark and light, and it prints. */
final class Page {
    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#bbb;--faint:#555}
            @media (prefers-color-scheme:dark){:root{--line:#555;--faint:#aaa}}
            body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}
            .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
            /* The heading above says it to those who see. */
            caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
            th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}
            /* Ids and addresses break anywhere, words only where a column is at its narrowest: then the table scrolls. */
            th,td{min-width:6.5rem;hyphens:auto}td{overflow-wrap:anywhere}footer{margin-top:3rem;color:var(--faint);font-size:.9rem}
            @media print{body{max-width:none;margin:0}.wide{overflow:visible}}
            """;

    private final StringBuilder html = new StringBuilder();

    Page(String language, String title) {
        html.append("<!doctype html>\n<html lang=\"")
                .append(escaped(language))
                .append("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                .append("<title>")
                .append(escaped(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head>\n<body><main>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
    }

    Page heading(String text) {
        html.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    Page paragraph(String text) {
        html.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    Page list(List<String> items) {
        html.append("<ul>");
        items.forEach(item -> html.append("<li>").append(escaped(item)).append("</li>"));
        html.append("</ul>\n");
        return this;
    }

    /** A table; rows have as many cells as there are heads. */
    Page table(String caption, List<String> heads, List<List<String>> rows) {
        html.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escaped(caption))
                .append("\"><table><caption>")
                .append(escaped(caption))
                .append("</caption><thead><tr>");
        heads.forEach(
                head -> html.append("<th scope=\"col\">").append(escaped(head)).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(escaped(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
        return this;
    }

    String end(String footer) {
        return html.append("</main><footer><p>")
                .append(escaped(footer))
                .append("</p></footer></body>\n</html>\n")
                .toString();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
