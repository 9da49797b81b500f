package run.clawcloud.block.harness;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Does one thing to many items, a bounded number of them at a time. */
public final class Parallel {
    /** Requests in flight at once: enough to keep the server busy, few enough not to be its only client. */
    private static final int WIDTH = 24;

    /** Something done to one item. */
    @FunctionalInterface
    public interface Step<T> {
        void accept(T item) throws InterruptedException;
    }

    private Parallel() {}

    /**
     * Returns when {@code step} has been done to every item.
     *
     * @throws RuntimeException the first failure; what had not begun by then is left
     */
    public static <T> void forEach(Collection<T> items, Step<T> step) throws InterruptedException {
        forEach(items, WIDTH, step);
    }

    /** The same with another number of items at a time. */
    public static <T> void forEach(Collection<T> items, int width, Step<T> step) throws InterruptedException {
        Queue<T> queue = new ConcurrentLinkedQueue<>(items);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = Stream.generate(() -> workers.submit(() -> drain(queue, step)))
                    .limit(Math.min(width, items.size()))
                    .toList();
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Callable's {@code Void} lets the step throw InterruptedException. */
    private static <T> Boolean drain(Queue<T> queue, Step<T> step) throws InterruptedException {
        try {
            for (T item = queue.poll(); item != null; item = queue.poll()) {
                step.accept(item);
            }
            return true;
        } catch (RuntimeException e) {
            queue.clear();
            throw e;
        }
    }
}
