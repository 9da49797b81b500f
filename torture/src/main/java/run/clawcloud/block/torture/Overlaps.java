package run.clawcloud.block.torture;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.queue.WorkListener;

/**
 * Counts the workers that are on each namespace: never more than one of one controller.
 *
 * @param overlap hears of a namespace with more, and of how many
 */
record Overlaps(Map<String, Integer> workers, BiConsumer<String, Integer> overlap) implements WorkListener<String> {

    Overlaps(BiConsumer<String, Integer> overlap) {
        this(new ConcurrentHashMap<>(), overlap);
    }

    @Override
    public void started(String namespace, Priority priority, long waitedNanos) {
        int count = workers.merge(namespace, 1, Integer::sum);
        if (count > 1) {
            overlap.accept(namespace, count);
        }
    }

    @Override
    public void finished(String namespace, Outcome outcome, long tookNanos) {
        workers.computeIfPresent(namespace, (_, count) -> count == 1 ? null : count - 1);
    }
}
