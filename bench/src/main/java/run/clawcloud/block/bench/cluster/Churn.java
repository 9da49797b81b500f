package run.clawcloud.block.bench.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Namespaces that change all the time: of a hundred changes, 70 are of an annotation that means nothing to the
 * controller, 10 take the status label away or give it back, 10 lock or unlock, 10 delete a namespace or make one of a
 * new name.
 */
public final class Churn implements AutoCloseable {
    private static final int SEED = 1;
    private static final int MOST_AT_ONCE = 64;
    private static final int ANNOTATE = 70;
    private static final int RELABEL = 80;
    private static final int LOCK = 90;

    private final Api api;
    private final BenchNamespaces namespaces;
    private final Slot[] slots;
    private final Random random = new Random(SEED);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private int generation;

    /** The place of one namespace: at most one change of it is under way. */
    private static final class Slot {
        private final Semaphore turn = new Semaphore(1);
        private String name;
        private boolean labelled = true;
        private boolean locked;
        private boolean exists = true;

        Slot(String name) {
            this.name = name;
        }
    }

    /** Is told how far it is. */
    @FunctionalInterface
    public interface Listener {
        void at(long done, long total);
    }

    /** Makes the namespaces. */
    public Churn(Api api, BenchNamespaces namespaces, int count) throws InterruptedException {
        this.api = api;
        this.namespaces = namespaces;
        ObjectNode labels = Api.JSON.createObjectNode().put(Names.STATUS_LABEL, Names.ACTIVE);
        List<String> names = namespaces.make("churn", count, 0, labels);
        this.slots = names.stream().map(Slot::new).toArray(Slot[]::new);
    }

    /**
     * Changes namespaces at an even pace, or as fast as the cluster lets it.
     *
     * @return how many changes were made
     */
    public long run(int perSecond, Duration length, Listener listener) throws InterruptedException {
        AtomicLong done = new AtomicLong();
        long total = Math.max(1, perSecond * length.toMillis() / 1000);
        long start = System.nanoTime();
        for (long i = 0; i < total && System.nanoTime() - start < length.toNanos(); i++) {
            long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            Slot slot = slots[random.nextInt(slots.length)];
            int kind = random.nextInt(100);
            int number = generation++;
            free.acquire();
            threads.execute(() -> change(slot, kind, number, done));
            listener.at(done.get(), total);
            RuntimeException failed = failure.get();
            if (failed != null) {
                throw failed;
            }
        }
        free.acquire(MOST_AT_ONCE);
        free.release(MOST_AT_ONCE);
        return done.get();
    }

    private void change(Slot slot, int kind, int number, AtomicLong done) {
        try {
            slot.turn.acquire();
            try {
                change(slot, kind, number);
                done.incrementAndGet();
            } finally {
                slot.turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, new HarnessException("the churn: " + e.getMessage()));
        } finally {
            free.release();
        }
    }

    private void change(Slot slot, int kind, int number) throws InterruptedException {
        if (!slot.exists || kind >= LOCK) {
            replace(slot, number);
            return;
        }
        ObjectNode patch = Api.JSON.createObjectNode();
        if (kind < ANNOTATE) {
            patch.withObject("/metadata/annotations").put("example.com/seen", Integer.toString(number));
        } else if (kind < RELABEL) {
            slot.labelled = !slot.labelled;
            slot.locked = false;
            label(patch, slot.labelled ? Names.ACTIVE : null);
        } else {
            slot.locked = !slot.locked;
            slot.labelled = true;
            label(patch, slot.locked ? Names.LOCKED : Names.ACTIVE);
        }
        api.mergePatch(Api.namespace(slot.name), patch);
    }

    private static void label(ObjectNode patch, @Nullable String value) {
        patch.withObject("/metadata/labels").put(Names.STATUS_LABEL, value);
    }

    /** Deletes the namespace, or makes the next one if it was deleted. */
    private void replace(Slot slot, int number) throws InterruptedException {
        if (slot.exists) {
            api.delete(Api.namespace(slot.name));
            slot.exists = false;
            return;
        }
        slot.name = namespaces.add("churn-again-" + number, Names.ACTIVE);
        slot.exists = true;
        slot.labelled = true;
        slot.locked = false;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
