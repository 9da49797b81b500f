package run.clawcloud.block.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Figures for people: what, how much, what is wanted, and whether it is so. */
public final class Table {
    private Table() {}

    /** One line each, columns in line. */
    public static String of(List<Figure> figures) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"", "figure", "value", "target", "met"});
        for (Figure figure : figures) {
            Goal goal = figure.goal();
            rows.add(new String[] {
                goal == null ? "" : goal.row(),
                figure.name(),
                figure.text(),
                goal == null ? "" : goal.toString(),
                goal == null ? "" : goal.isMetBy(figure.value()) ? "yes" : "NO"
            });
        }
        int[] widths = new int[5];
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(widths[i] - row[i].length());
                line.append(i == 2 ? pad + row[i] : row[i] + pad).append("   ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
