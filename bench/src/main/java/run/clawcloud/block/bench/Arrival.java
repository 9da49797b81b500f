package run.clawcloud.block.bench;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.NamespaceWatch.Change;

/** Waits for a namespace to have a label, or to have lost it. */
final class Arrival implements Consumer<Change> {
    private final String name;
    private final String label;
    private final @Nullable String value;
    private final CountDownLatch arrived = new CountDownLatch(1);

    /** Written before {@link #arrived} opens. */
    private long nanos;

    /** @param value null for none */
    Arrival(String name, String label, @Nullable String value) {
        this.name = name;
        this.label = label;
        this.value = value;
    }

    /** Called by one thread. */
    @Override
    public void accept(Change change) {
        if (arrived.getCount() > 0
                && change.name().equals(name)
                && !change.gone()
                && Objects.equals(change.label(label), value)) {
            nanos = change.nanos();
            arrived.countDown();
        }
    }

    /** Returns when it was heard of, as {@link System#nanoTime}. */
    long await(Duration timeout) throws InterruptedException {
        if (!arrived.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new HarnessException(
                    "namespace %s did not get to %s=%s within %d s".formatted(name, label, value, timeout.toSeconds()));
        }
        return nanos;
    }
}
