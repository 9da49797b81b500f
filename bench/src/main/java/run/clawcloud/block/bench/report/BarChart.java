package run.clawcloud.block.bench.report;

import java.util.List;

/**
 * Lying bars, one under the other, with their values; a goal is a stroke across its bar.
 *
 * @param title with the unit
 */
record BarChart(String title, List<Bar> bars) {
    private static final int WIDTH = 720;
    private static final int LEFT = 250;
    private static final int RIGHT = 110;
    private static final int TOP = 40;
    private static final int PITCH = 30;
    private static final int THICKNESS = 18;

    /**
     * One bar.
     *
     * @param value 0 or more
     * @param text what stands behind it
     * @param ours whether it is the controller's
     * @param goal where the stroke is; NaN for none
     */
    record Bar(String label, double value, String text, boolean ours, double goal) {}

    String toSvg() {
        Svg svg = new Svg(WIDTH, TOP + bars.size() * PITCH + 10, title);
        svg.heading(10, 22, title);
        double largest = bars.stream()
                .mapToDouble(bar -> Double.isNaN(bar.goal()) ? bar.value() : Math.max(bar.value(), bar.goal()))
                .max()
                .orElse(1);
        double scale = (WIDTH - LEFT - RIGHT) / Math.max(largest, Double.MIN_NORMAL);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = TOP + i * PITCH;
            double baseline = y + THICKNESS - 4.5;
            svg.text(LEFT - 8, baseline, Svg.Anchor.END, bar.label());
            svg.rectangle(LEFT, y, bar.value() * scale, THICKNESS, bar.ours() ? Svg.OURS : Svg.OTHERS);
            double end = bar.value();
            if (!Double.isNaN(bar.goal())) {
                double x = LEFT + bar.goal() * scale;
                svg.line(x, y - 3, x, y + THICKNESS + 3, Svg.GOAL);
                end = Math.max(end, bar.goal());
            }
            svg.text(LEFT + end * scale + 8, baseline, Svg.Anchor.START, bar.text());
        }
        return svg.end();
    }
}
