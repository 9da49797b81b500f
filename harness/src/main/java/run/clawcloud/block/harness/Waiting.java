package run.clawcloud.block.harness;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Waits for what the controller and the cluster do in their own time. A wait is given up when nothing has moved for the
 * timeout; how long it may take as a whole depends on the size of the cluster and on the machine, so that is not
 * limited.
 */
public final class Waiting {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration ROUND_INTERVAL = Duration.ofMillis(200);

    /** Looks at one namespace; returns what is not yet as it should be, a line each. */
    @FunctionalInterface
    public interface Check {
        List<String> problems(String namespace) throws InterruptedException;
    }

    /** How many of the things that are waited for have come. */
    @FunctionalInterface
    public interface Count {
        int now() throws InterruptedException;
    }

    private final Progress progress;
    private final Duration timeout;
    private final Runnable requireAlive;

    /** @param requireAlive throws if a process that is waited for has ended */
    public Waiting(Progress progress, Duration timeout, Runnable requireAlive) {
        this.progress = progress;
        this.timeout = timeout;
        this.requireAlive = requireAlive;
    }

    /** Returns whether {@code done} reached {@code total}; false if it stood still for the timeout. */
    public boolean until(String phase, int total, Count done) throws InterruptedException {
        int last = -1;
        long lastMove = System.nanoTime();
        while (true) {
            int now = done.now();
            progress.update(phase, now, total);
            if (now >= total) {
                return true;
            }
            if (now != last) {
                last = now;
                lastMove = System.nanoTime();
            } else if (System.nanoTime() - lastMove > timeout.toNanos()) {
                return false;
            }
            requireAlive.run();
            Thread.sleep(INTERVAL);
        }
    }

    /**
     * Looks at the namespaces again and again until nothing is wrong in any.
     *
     * @return what was still wrong when the number of namespaces with problems had not fallen for the timeout, by
     *     namespace; empty if all is well
     */
    public SortedMap<String, List<String>> settle(String phase, Collection<String> namespaces, Check check)
            throws InterruptedException {
        Collection<String> pending = namespaces;
        int total = namespaces.size();
        long lastMove = System.nanoTime();
        while (true) {
            ConcurrentMap<String, List<String>> wrong = new ConcurrentHashMap<>();
            ConcurrentMap<String, Boolean> right = new ConcurrentHashMap<>();
            int settled = total - pending.size();
            Parallel.forEach(pending, namespace -> {
                List<String> problems = check.problems(namespace);
                if (problems.isEmpty()) {
                    right.put(namespace, true);
                } else {
                    wrong.put(namespace, problems);
                }
                progress.update(phase, settled + right.size(), total);
            });
            requireAlive.run();
            if (!right.isEmpty()) {
                lastMove = System.nanoTime();
            }
            if (wrong.isEmpty() || System.nanoTime() - lastMove > timeout.toNanos()) {
                return new TreeMap<>(wrong);
            }
            pending = wrong.keySet();
            Thread.sleep(ROUND_INTERVAL);
        }
    }
}
