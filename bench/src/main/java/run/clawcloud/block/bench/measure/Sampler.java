package run.clawcloud.block.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks at a process again and again, on a thread of its own, until it is closed. */
public final class Sampler implements AutoCloseable {
    private final long pid;
    private final long start = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Guarded by itself. */
    private final List<Sample> samples = new ArrayList<>();

    /**
     * One look.
     *
     * @param seconds since the sampler began
     */
    public record Sample(double seconds, ProcessStatus status) {}

    public Sampler(long pid, Duration interval) {
        this.pid = pid;
        Thread.ofPlatform().name("sampler").daemon().start(() -> run(interval));
    }

    private void run(Duration interval) {
        try {
            do {
                Sample sample = new Sample((System.nanoTime() - start) / 1e9, ProcessStatus.of(pid));
                synchronized (samples) {
                    samples.add(sample);
                }
            } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was seen so far. */
    public List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** The most threads that were seen at once. */
    public int mostThreads() {
        return samples().stream()
                .mapToInt(sample -> sample.status().threads())
                .max()
                .orElse(0);
    }

    /** The most memory that was seen to be resident, MB. */
    public double mostRssMegabytes() {
        return samples().stream()
                .mapToDouble(sample -> sample.status().rssMegabytes())
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
