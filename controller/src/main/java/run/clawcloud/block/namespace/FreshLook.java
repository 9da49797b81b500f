package run.clawcloud.block.namespace;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;

/** Reads and writes a namespace, and tells the state what the server answered. */
final class FreshLook {

    /** Somebody writes again and again: after so many conflicts the queue's backoff takes over. */
    private static final int ATTEMPTS = 5;

    private static final String SELECTORS_CHANGE = "the selectors of BlockRequests change faster than it is read";

    /**
     * A write that was made.
     *
     * @param after the namespace as it is then; empty in a dry run, which sends no write
     */
    record Written(Optional<NamespaceView> after) {}

    private final Cluster cluster;
    private final Namespaces namespaces;

    FreshLook(Cluster cluster, Namespaces namespaces) {
        this.cluster = cluster;
        this.namespaces = namespaces;
    }

    /**
     * Reads the namespace, again if need be, until what is known of it is no older than that; empty, and forgotten,
     * when it is gone.
     */
    Optional<NamespaceView> at(String name) throws ApiException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            long known =
                    namespaces.get(name).map(NamespaceState::resourceVersion).orElse(0L);
            Optional<NamespaceView> view = cluster.namespace(name);
            if (view.isEmpty()) {
                namespaces.forgotten(name, known);
                return view;
            }
            if (namespaces.observed(view.get(), known)) {
                return view;
            }
        }
        throw new ApiException("get namespace " + name, new IOException(SELECTORS_CHANGE));
    }

    /** The lock of the namespace has not run out, whatever the state says. */
    void notDue(String name) {
        namespaces.notDue(name);
    }

    /** Reads the namespace; whether it still calls for {@code need}. */
    boolean confirms(String name, Need need) throws ApiException, InterruptedException {
        return at(name).isPresent() && still(name, need).isPresent();
    }

    /** What is known of the namespace, when that still calls for {@code need}. */
    Optional<NamespaceState> still(String name, Need need) {
        return namespaces.get(name).filter(state -> state.need() == need);
    }

    /**
     * Writes the namespace, provided that it is as it is known. When it has changed, it is read again; the write is
     * made anew from what was read as long as that calls for {@code need}.
     *
     * @return what was written; empty when the need is gone
     */
    Optional<Written> write(String name, Need need, Function<NamespaceState, NamespacePatch> patch)
            throws ApiException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Optional<NamespaceState> state = still(name, need);
            if (state.isEmpty()) {
                return Optional.empty();
            }
            long known = state.get().resourceVersion();
            try {
                Optional<NamespaceView> after = cluster.patchNamespace(name, patch.apply(state.get()));
                after.ifPresent(view -> namespaces.observed(view, known));
                return Optional.of(new Written(after));
            } catch (ApiException e) {
                if (e.notFound()) {
                    namespaces.forgotten(name, known);
                    return Optional.empty();
                }
                if (!e.conflict() || attempt == ATTEMPTS) {
                    throw e;
                }
                at(name);
            }
        }
    }
}
