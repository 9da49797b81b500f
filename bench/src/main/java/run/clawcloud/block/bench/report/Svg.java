package run.clawcloud.block.bench.report;

import java.util.Locale;

/**
 * Writes a small SVG 1.1 document, element by element. Its colours stand out on a light page and on a dark one.
 *
 * @see <a href="https://www.w3.org/TR/SVG11/">SVG 1.1</a>
 */
final class Svg {
    static final String INK = "#7d8590";
    static final String OURS = "#2f81f7";
    static final String OTHERS = "#b0b8c1";
    static final String GOAL = "#d29922";

    /** Where a text stands to its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title) {
        text.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\">\n<title>%s</title>\n",
                width,
                height,
                width,
                height,
                escape(title)));
    }

    void rectangle(double x, double y, double width, double height, String colour) {
        text.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" rx=\"2\"/>\n",
                x,
                y,
                width,
                height,
                colour));
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        text.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    /** @param points {@code x,y} pairs */
    void curve(String points, String colour) {
        text.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
                points,
                colour));
    }

    void text(double x, double y, Anchor anchor, String words) {
        text.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
                x,
                y,
                anchor.name().toLowerCase(Locale.ROOT),
                INK,
                escape(words)));
    }

    void heading(double x, double y, String words) {
        text.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-weight=\"bold\" fill=\"%s\">%s</text>\n",
                x,
                y,
                INK,
                escape(words)));
    }

    /** The whole document. */
    String end() {
        return text + "</svg>\n";
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
