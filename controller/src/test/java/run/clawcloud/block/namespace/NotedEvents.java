package run.clawcloud.block.namespace;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what people are told: {@code Warning Deployment tenant/web NoteUnreadable: ...}. */
public final class NotedEvents implements Events {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void normal(Regarding regarding, String reason, String note) {
        lines.add("Normal " + line(regarding, reason, note));
    }

    @Override
    public void warning(Regarding regarding, String reason, String note) {
        lines.add("Warning " + line(regarding, reason, note));
    }

    private static String line(Regarding regarding, String reason, String note) {
        return "%s %s/%s %s: %s".formatted(regarding.kind(), regarding.namespace(), regarding.name(), reason, note);
    }

    /** What was told since the last time that it was taken. */
    public List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
