package run.clawcloud.block.state;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a listener hears. */
final class Heard implements ChangeListener {

    private final List<String> lines = new ArrayList<>();

    @Override
    public void needed(String namespace, Cause cause) {
        lines.add(namespace + " " + cause);
    }

    @Override
    public void unsettled(String namespace, Cause cause) {
        lines.add(namespace + " unsettled " + cause);
    }

    @Override
    public void notice(String namespace, Notice notice, Deadline deadline) {
        lines.add(namespace + " " + notice + (deadline instanceof Deadline.At(var moment) ? " " + moment : ""));
    }

    /** What was heard since the last time that it was taken. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
