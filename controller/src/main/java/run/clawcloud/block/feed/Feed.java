package run.clawcloud.block.feed;

import java.io.InputStream;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.time.Backoff;
import run.clawcloud.block.time.Pause;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Keeps someone informed of one collection for as long as it runs: lists, watches from where the list stood, resumes
 * where a watch ended, and lists again when the server no longer knows that place (410 Gone). One thread calls
 * {@link #run}.
 *
 * @param <T> what is read of each object
 */
public final class Feed<T> {

    /** How the collection is listed before it is watched. */
    @FunctionalInterface
    public interface Lister {
        /**
         * Lists.
         *
         * @param first the first list since the start: a cached one will do, for the watch catches up
         * @return the resourceVersion to watch from
         */
        String list(boolean first) throws ApiException, InterruptedException;
    }

    /** Who is told of changes. Called by the feed's thread only. */
    public interface Sink<T> {
        void changed(T object);

        /** The object is gone, or no longer matches the selector: only a GET tells which. */
        void deleted(T object);
    }

    /** The server ends a watch after this, up to twice as long, so that not all end at once. */
    private static final Duration WATCH_TIMEOUT = Duration.ofMinutes(5);

    /** The API server sends a bookmark about once a minute (KEP-956): three missed ones mean a dead connection. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final ListWatch source;
    private final String labelSelector;
    private final Lister lister;
    private final Function<JsonParser, T> decoder;
    private final Function<T, String> resourceVersionOf;
    private final Sink<T> sink;
    private final FeedMonitor monitor;
    private final Pause pause;
    private final RandomGenerator random;
    private final Backoff backoff;

    private @Nullable String resourceVersion;
    private boolean listed;
    private int failures;

    public Feed(
            ListWatch source,
            String labelSelector,
            Lister lister,
            Function<JsonParser, T> decoder,
            Function<T, String> resourceVersionOf,
            Sink<T> sink,
            FeedMonitor monitor,
            Pause pause,
            RandomGenerator random) {
        this.source = source;
        this.labelSelector = labelSelector;
        this.lister = lister;
        this.decoder = decoder;
        this.resourceVersionOf = resourceVersionOf;
        this.sink = sink;
        this.monitor = monitor;
        this.pause = pause;
        this.random = random;
        this.backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), random);
    }

    /** Runs until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (true) {
            try {
                String from = resourceVersion;
                if (from == null) {
                    from = lister.list(!listed);
                    listed = true;
                    resourceVersion = from;
                    monitor.synced();
                }
                watch(from);
                monitor.restarted("ended");
            } catch (ApiException e) {
                failed(e);
            } catch (JacksonException e) {
                failed(new ApiException("read the watch of " + labelSelector, e));
            }
        }
    }

    private void failed(ApiException failure) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (failure.gone()) {
            resourceVersion = null;
            monitor.restarted("gone");
        } else {
            monitor.restarted("failed");
        }
        Duration asked = failure.retryAfter();
        Duration delay = backoff.delay(++failures);
        if (asked != null && asked.compareTo(delay) > 0) {
            delay = asked;
        }
        monitor.failed(failure, delay);
        pause.sleep(delay);
    }

    private void watch(String from) throws ApiException, InterruptedException {
        Duration timeout = WATCH_TIMEOUT.plusSeconds(random.nextLong(WATCH_TIMEOUT.toSeconds()));
        InputStream stream = source.watch(labelSelector, from, timeout, SILENCE);
        new WatchReader<>(decoder, new Progress()).read(stream);
        failures = 0;
    }

    /** Remembers how far the watch has come: only after the sink has taken the event. */
    private final class Progress implements WatchReader.Handler<T> {
        @Override
        public void changed(T object) {
            sink.changed(object);
            reached(resourceVersionOf.apply(object));
        }

        @Override
        public void deleted(T object) {
            sink.deleted(object);
            reached(resourceVersionOf.apply(object));
        }

        @Override
        public void bookmark(String version) {
            reached(version);
        }

        private void reached(String version) {
            resourceVersion = version;
            failures = 0;
            monitor.heard();
        }
    }
}
