package run.clawcloud.block.feed;

import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.ResourceVersion;
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
        long list(boolean first) throws ApiException, InterruptedException;
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
    private final ToLongFunction<T> resourceVersionOf;
    private final Sink<T> sink;
    private final FeedMonitor monitor;
    private final Pause pause;
    private final RandomGenerator random;
    private final Backoff backoff;

    private long resourceVersion = ResourceVersion.NONE;
    private boolean listed;
    private int failures;

    public Feed(
            ListWatch source,
            String labelSelector,
            Lister lister,
            Function<JsonParser, T> decoder,
            ToLongFunction<T> resourceVersionOf,
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
                if (resourceVersion == ResourceVersion.NONE) {
                    resourceVersion = lister.list(!listed);
                    listed = true;
                    monitor.synced();
                }
                boolean heard = watch(resourceVersion);
                monitor.restarted("ended");
                if (!heard) {
                    pause.sleep(backoff.delay(++failures));
                }
            } catch (ApiException e) {
                failed(e);
            } catch (JacksonException e) {
                if (e.getCause() instanceof SocketTimeoutException) {
                    // A server that was restored from a backup is silent until it comes to where the watch begins.
                    resourceVersion = ResourceVersion.NONE;
                }
                failed(new ApiException("read the watch of " + labelSelector, e));
            }
        }
    }

    private void failed(ApiException failure) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (failure.gone()) {
            resourceVersion = ResourceVersion.NONE;
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

    /** Whether anything came: a server or a proxy that ends every watch at once must not be asked without a pause. */
    private boolean watch(long from) throws ApiException, InterruptedException {
        Duration timeout = WATCH_TIMEOUT.plusSeconds(random.nextLong(WATCH_TIMEOUT.toSeconds()));
        InputStream stream = source.watch(labelSelector, Long.toString(from), timeout, SILENCE);
        Progress progress = new Progress();
        new WatchReader<>(decoder, progress).read(stream);
        return progress.heard;
    }

    /** Remembers how far the watch has come: only after the sink has taken the event. */
    private final class Progress implements WatchReader.Handler<T> {
        private boolean heard;

        @Override
        public void changed(T object) {
            sink.changed(object);
            reached(resourceVersionOf.applyAsLong(object));
        }

        @Override
        public void deleted(T object) {
            sink.deleted(object);
            reached(resourceVersionOf.applyAsLong(object));
        }

        @Override
        public void bookmark(long version) {
            reached(version);
        }

        private void reached(long version) {
            resourceVersion = version;
            heard = true;
            failures = 0;
            monitor.heard();
        }
    }
}
