package run.clawcloud.block.ops.secure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers, each remembered for a time; beyond a number of them, the one that was asked for longest ago is forgotten.
 * Thread-safe.
 */
final class TimedCache<K, V> {

    private record Answer<T>(T value, long deadline) {}

    private final Map<K, Answer<V>> entries;
    private final LongSupplier nanoTime;

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    TimedCache(int most, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
                return size() > most;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        Answer<V> entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (nanoTime.getAsLong() - entry.deadline() >= 0) {
            entries.remove(key);
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    synchronized void put(K key, V value, Duration life) {
        entries.put(key, new Answer<>(value, nanoTime.getAsLong() + life.toNanos()));
    }
}
