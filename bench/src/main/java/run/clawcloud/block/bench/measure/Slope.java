package run.clawcloud.block.bench.measure;

import java.util.List;

/** How fast a value rises. */
public final class Slope {
    private Slope() {}

    /**
     * The slope of the line that fits best (least squares).
     *
     * @param points pairs of x and y, at least two with different x
     * @return y per x
     */
    public static double of(List<double[]> points) {
        double meanX = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
        double meanY = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (double[] point : points) {
            xy += (point[0] - meanX) * (point[1] - meanY);
            xx += (point[0] - meanX) * (point[0] - meanX);
        }
        if (xx == 0) {
            throw new IllegalArgumentException(
                    "a slope needs two points, there are " + points.size() + " at one place");
        }
        return xy / xx;
    }
}
