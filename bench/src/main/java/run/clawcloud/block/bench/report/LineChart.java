package run.clawcloud.block.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One value over time; the y axis begins at 0.
 *
 * @param title with the unit
 * @param points pairs of minutes and value, at least one
 */
record LineChart(String title, List<double[]> points) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final int TICKS = 4;

    String toSvg() {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.heading(10, 22, title);
        double end = Math.max(points.getLast()[0], Double.MIN_NORMAL);
        double top =
                roundUp(points.stream().mapToDouble(point -> point[1]).max().orElse(1));
        for (int i = 0; i <= TICKS; i++) {
            double value = top * i / TICKS;
            svg.line(LEFT, y(value, top), WIDTH - RIGHT, y(value, top), i == 0 ? Svg.INK : Svg.OTHERS + "55");
            svg.text(LEFT - 8, y(value, top) + 4.5, Svg.Anchor.END, number(value));
            svg.text(x(end * i / TICKS, end), HEIGHT - BOTTOM + 20, Svg.Anchor.MIDDLE, number(end * i / TICKS));
        }
        svg.curve(
                points.stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point[0], end), y(point[1], top)))
                        .collect(Collectors.joining(" ")),
                Svg.OURS);
        return svg.end();
    }

    private static double x(double minutes, double end) {
        return LEFT + minutes / end * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    /** The next of 1, 2, 4, 6, 8 or 10 times a power of ten: the ticks are numbers that can be read. */
    static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, Double.MIN_NORMAL))));
        for (double step : new double[] {1, 2, 4, 6, 8}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%.1f", value);
    }
}
