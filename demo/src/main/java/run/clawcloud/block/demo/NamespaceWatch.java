package run.clawcloud.block.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import tools.jackson.databind.JsonNode;

/**
 * Follows the namespaces that carry the status label, with one watch for all of them, and tells a listener of each
 * change. A watch that ends is taken up where it ended; after 410 Gone the list is read again.
 */
final class NamespaceWatch implements AutoCloseable {
    private static final String SELECTOR = "labelSelector=" + Names.STATUS_LABEL;
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * A namespace as it is now.
     *
     * @param name its name
     * @param applied its label {@code core.clawcloud.run/applied}, null if it has none
     * @param gone whether it was deleted (or has lost the status label: a watch can't tell the two apart)
     * @param nanos when this was heard, as {@link System#nanoTime}
     */
    record Change(String name, @Nullable String applied, boolean gone, long nanos) {}

    private final Api api;
    private final Thread thread;

    /** Called on the thread of the watch; replaced at the start of a phase. */
    private volatile Consumer<Change> listener = change -> {};

    /** The namespaces heard of; only the thread of the watch touches it. */
    private final Set<String> known = new HashSet<>();

    private volatile boolean closed;
    private String resourceVersion = "";

    /** Begins to watch; what happens after this returns is heard. */
    NamespaceWatch(Api api) throws InterruptedException {
        this.api = api;
        relist();
        this.thread = Thread.ofVirtual().name("namespace-watch").start(this::follow);
    }

    /** Tells {@code next} of every change from now on, and nobody else. */
    void listen(Consumer<Change> next) {
        listener = next;
    }

    private void relist() throws InterruptedException {
        Set<String> gone = new HashSet<>(known);
        resourceVersion = api.list(Content.NAMESPACES, SELECTOR, namespace -> {
            gone.remove(Fields.name(namespace));
            changed(namespace, false);
        });
        gone.forEach(name -> {
            known.remove(name);
            listener.accept(new Change(name, null, true, System.nanoTime()));
        });
    }

    private void follow() {
        try {
            while (!closed) {
                try {
                    api.watch(
                            Content.NAMESPACES,
                            SELECTOR + "&allowWatchBookmarks=true&resourceVersion=" + resourceVersion,
                            event -> {
                                take(event);
                                return !closed && !resourceVersion.isEmpty();
                            });
                } catch (IOException e) {
                    Thread.sleep(PAUSE);
                }
                if (resourceVersion.isEmpty()) {
                    relist();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * An event of type ERROR says that the resourceVersion is too old: it is forgotten, so that the list is read again.
     */
    private void take(JsonNode event) {
        String type = event.path("type").asString("");
        if (type.equals("ERROR")) {
            resourceVersion = "";
            return;
        }
        JsonNode namespace = event.path("object");
        resourceVersion = namespace.path("metadata").path("resourceVersion").asString("");
        if (!type.equals("BOOKMARK")) {
            changed(namespace, type.equals("DELETED"));
        }
    }

    private void changed(JsonNode namespace, boolean gone) {
        String name = Fields.name(namespace);
        if (gone) {
            known.remove(name);
        } else {
            known.add(name);
        }
        listener.accept(new Change(name, Fields.label(namespace, Names.APPLIED_LABEL), gone, System.nanoTime()));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
