package run.clawcloud.block.namespace;

import java.util.Optional;
import java.util.function.Function;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;

/** Reads and writes a namespace, and tells the state what the server answered. */
final class FreshLook {

    /** Somebody writes the namespace again and again: after so many conflicts the queue's backoff takes over. */
    private static final int ATTEMPTS = 5;

    private final Cluster cluster;
    private final Namespaces namespaces;

    FreshLook(Cluster cluster, Namespaces namespaces) {
        this.cluster = cluster;
        this.namespaces = namespaces;
    }

    /** Reads the namespace; empty, and forgotten, when it is gone. */
    Optional<NamespaceView> at(String name) throws ApiException, InterruptedException {
        Optional<NamespaceState> known = namespaces.get(name);
        Optional<NamespaceView> view = cluster.namespace(name);
        if (view.isPresent()) {
            namespaces.observed(view.get());
        } else {
            known.ifPresent(state -> namespaces.forgotten(name, state.resourceVersion()));
        }
        return view;
    }

    /** The lock of the namespace has not run out, whatever the state says. */
    void notDue(String name) {
        namespaces.notDue(name);
    }

    /** What is known of the namespace, when that still calls for {@code need}. */
    Optional<NamespaceState> still(String name, Need need) {
        return namespaces.get(name).filter(state -> state.need() == need);
    }

    /**
     * Writes the namespace, provided that it is as it is known. When it has changed, it is read again; the write is
     * made anew from what was read as long as that calls for {@code need}.
     *
     * @return whether it is written, or would be but for a dry run; false when the need is gone
     */
    boolean write(String name, Need need, Function<NamespaceState, NamespacePatch> patch)
            throws ApiException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Optional<NamespaceState> state = still(name, need);
            if (state.isEmpty()) {
                return false;
            }
            try {
                cluster.patchNamespace(name, patch.apply(state.get())).ifPresent(namespaces::observed);
                return true;
            } catch (ApiException e) {
                if (e.notFound()) {
                    namespaces.forgotten(name, state.get().resourceVersion());
                    return false;
                }
                if (!e.conflict() || attempt == ATTEMPTS) {
                    throw e;
                }
                at(name);
            }
        }
    }
}
