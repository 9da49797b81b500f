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
 * where a watch ended, and lists again when the server no longer knows that place (410 Gone), or when somebody asks for
 * another part of the collection. One thread calls {@link #run}.
 *
 * @param <T> what is read of each object; the feed is done with it when the sink has it, so it may be the same one
 *     again
 */
public final class Feed<T> {

    /** How the collection is listed before it is watched. */
    @FunctionalInterface
    public interface Lister {

        /** However old: a list from the server's cache will do, for the watch catches up. */
        long CACHED = 0;

        /** What is true now. */
        long LATEST = -1;

        /**
         * Lists.
         *
         * @param labelSelector empty for everything
         * @param notOlderThan {@link #CACHED}, {@link #LATEST}, or the resourceVersion that the feed has reached: a
         *     list from the cache will do if it is not older than that
         * @return the resourceVersion to watch from
         */
        long list(String labelSelector, long notOlderThan) throws ApiException, InterruptedException;
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
    private final Lister lister;
    private final Function<JsonParser, T> decoder;
    private final ToLongFunction<T> resourceVersionOf;
    private final Sink<T> sink;
    private final FeedMonitor monitor;
    private final Pause pause;
    private final RandomGenerator random;
    private final Backoff backoff;
    private final Scope scope;

    /** What is listed and watched; the scope may want another one already. */
    private String labelSelector;

    /** How far the watch has come. */
    private long reached = ResourceVersion.NONE;

    private boolean listNeeded = true;
    private boolean listed;
    private int failures;

    /** @param labelSelector to begin with; empty for everything */
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
        this.scope = new Scope(labelSelector);
        this.lister = lister;
        this.decoder = decoder;
        this.resourceVersionOf = resourceVersionOf;
        this.sink = sink;
        this.monitor = monitor;
        this.pause = pause;
        this.random = random;
        this.backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), random);
    }

    /**
     * From now on the collection is listed and watched with this selector. The watch under way is ended at once; a list
     * finds whatever happens in between, and the watch goes on from there. Before the first list has begun it just
     * begins with that; during a list, one more list follows. May be called from any thread, the feed's too, and does
     * not wait.
     *
     * @param labelSelector empty for everything
     */
    public void relist(String labelSelector) {
        scope.change(labelSelector);
    }

    /** As {@link #relist(String)}, with the selector that stands. */
    public void relist() {
        scope.change(null);
    }

    /** Runs until the thread is interrupted. */
    public void run() throws InterruptedException {
        while (true) {
            String wanted = scope.takeChange();
            if (wanted != null) {
                rescope(wanted);
            }
            try {
                if (listNeeded) {
                    list();
                } else {
                    watch();
                }
            } catch (ApiException e) {
                failed(e);
            }
        }
    }

    private void rescope(String wanted) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        labelSelector = wanted;
        listNeeded = true;
        if (listed) {
            monitor.restarted("scope");
        }
    }

    private void list() throws ApiException, InterruptedException {
        long notOlderThan = Lister.CACHED;
        if (listed) {
            notOlderThan = reached == ResourceVersion.NONE ? Lister.LATEST : reached;
        }
        try {
            reached = lister.list(labelSelector, notOlderThan);
        } catch (ApiException e) {
            if (!e.busy()) {
                // The server may not know that version (any more), or may not be able to send all of it in one piece.
                reached = ResourceVersion.NONE;
            }
            throw e;
        }
        listed = true;
        listNeeded = false;
        monitor.synced();
    }

    private void watch() throws ApiException, InterruptedException {
        Duration timeout = WATCH_TIMEOUT.plusSeconds(random.nextLong(WATCH_TIMEOUT.toSeconds()));
        InputStream stream = source.watch(labelSelector, Long.toString(reached), timeout, SILENCE);
        if (!scope.opened(stream)) {
            return;
        }
        Progress progress = new Progress();
        try {
            requireReached();
            new WatchReader<>(decoder, progress).read(stream);
        } catch (JacksonException e) {
            broken(e);
            return;
        } finally {
            scope.ended();
        }
        if (scope.changed()) {
            return;
        }
        monitor.restarted("ended");
        if (!progress.heard) {
            // A server or a proxy that ends every watch at once must not be asked without a pause.
            pause.sleepUnless(scope.wake(), backoff.delay(++failures));
        }
    }

    /**
     * A server that was restored from a backup takes a watch from a version to which it has yet to come. It tells
     * nothing until then, and nothing of what has happened by then.
     */
    private void requireReached() throws ApiException, InterruptedException {
        long now = source.resourceVersion();
        if (now < reached) {
            throw new ApiException(
                    "watch from resourceVersion " + reached,
                    410,
                    "Expired",
                    "the cluster is at " + now + ", as after a restore of etcd",
                    null);
        }
    }

    private void broken(JacksonException cause) throws ApiException {
        if (scope.changed()) {
            // It was closed for that.
            return;
        }
        if (cause.getCause() instanceof SocketTimeoutException) {
            // A server that was restored from a backup is silent until it comes to where the watch begins.
            listAnew();
        }
        throw new ApiException("read the watch of " + (labelSelector.isEmpty() ? "everything" : labelSelector), cause);
    }

    /** The version that was reached is worth nothing any more. */
    private void listAnew() {
        reached = ResourceVersion.NONE;
        listNeeded = true;
    }

    private void failed(ApiException failure) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (failure.gone()) {
            listAnew();
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
        pause.sleepUnless(scope.wake(), delay);
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
            reached = version;
            heard = true;
            failures = 0;
            monitor.heard();
        }
    }
}
