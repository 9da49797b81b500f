package run.clawcloud.block.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Follows the namespaces that a selector matches, with one watch for all of them, and tells a listener of each change.
 * A watch that ends is taken up where it ended; after 410 Gone the list is read again.
 */
public final class NamespaceWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * A namespace as it is now.
     *
     * @param name its name
     * @param namespace the object; its last state if it is gone
     * @param gone whether it was deleted (or does not match any more: a watch can't tell the two apart)
     * @param nanos when this was heard, as {@link System#nanoTime}
     */
    public record Change(String name, JsonNode namespace, boolean gone, long nanos) {
        /** Its label {@code core.clawcloud.run/applied}, null if it has none. */
        public @Nullable String applied() {
            return label(Names.APPLIED_LABEL);
        }

        /** A label, null if it has none of that key. */
        public @Nullable String label(String key) {
            return Meta.label(namespace, key);
        }
    }

    private final Api api;
    private final String selector;
    private final Thread thread;

    /** Called on the thread of the watch; replaced at the start of a phase. */
    private volatile Consumer<Change> listener = change -> {};

    /** The namespaces heard of; only the thread of the watch touches it. */
    private final Set<String> known = new HashSet<>();

    private volatile boolean closed;
    private String resourceVersion = "";

    /**
     * Begins to watch; what happens after this returns is heard.
     *
     * @param labelSelector not encoded
     */
    public NamespaceWatch(Api api, String labelSelector) throws InterruptedException {
        this.api = api;
        this.selector = "labelSelector=" + URLEncoder.encode(labelSelector, UTF_8);
        relist();
        this.thread = Thread.ofVirtual().name("namespace-watch").start(this::follow);
    }

    /** Tells {@code next} of every change from now on, and nobody else. */
    public void listen(Consumer<Change> next) {
        listener = next;
    }

    private void relist() throws InterruptedException {
        Set<String> gone = new HashSet<>(known);
        resourceVersion = api.list(Api.NAMESPACES, selector, namespace -> {
            gone.remove(Meta.name(namespace));
            changed(namespace, false);
        });
        gone.forEach(name -> {
            known.remove(name);
            listener.accept(new Change(name, MissingNode.getInstance(), true, System.nanoTime()));
        });
    }

    private void follow() {
        try {
            while (!closed) {
                try {
                    api.watch(
                            Api.NAMESPACES,
                            selector + "&allowWatchBookmarks=true&resourceVersion=" + resourceVersion,
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
        String name = Meta.name(namespace);
        if (gone) {
            known.remove(name);
        } else {
            known.add(name);
        }
        listener.accept(new Change(name, namespace, gone, System.nanoTime()));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
