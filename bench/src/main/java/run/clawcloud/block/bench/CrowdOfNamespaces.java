package run.clawcloud.block.bench;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.bench.cluster.LockRequests;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Meta;
import run.clawcloud.block.harness.NamespaceWatch.Change;
import run.clawcloud.block.harness.Parallel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Namespaces that are to be locked all at once, and who is to do it. */
final class CrowdOfNamespaces {
    private final Api api;
    private final Collection<String> names;
    private final String statusLabel;
    private final String appliedLabel;
    private final Locker locker;

    /** Those not seen locked yet. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** Whoever works on the namespaces whose label has been acknowledged. */
    private interface Locker {
        /** Is told of one. */
        void labelled(String name, String resourceVersion);

        /** Does the work, until all are done that there will ever be; the controller does it elsewhere. */
        void work() throws InterruptedException;
    }

    private CrowdOfNamespaces(
            Api api, Collection<String> names, String statusLabel, String appliedLabel, Locker locker) {
        this.api = api;
        this.names = names;
        this.statusLabel = statusLabel;
        this.appliedLabel = appliedLabel;
        this.locker = locker;
        open.addAll(names);
    }

    /** The controller is to lock them. */
    static CrowdOfNamespaces ours(Api api, Collection<String> names) {
        return new CrowdOfNamespaces(api, names, Names.STATUS_LABEL, Names.APPLIED_LABEL, new Locker() {
            @Override
            public void labelled(String name, String resourceVersion) {}

            @Override
            public void work() {}
        });
    }

    /** A bare client is to lock them, so many at once. */
    static CrowdOfNamespaces ofBareClient(Api api, Collection<String> names, LockRequests requests, int width) {
        return new CrowdOfNamespaces(
                api,
                names,
                LockRequests.STATUS_LABEL,
                LockRequests.APPLIED_LABEL,
                new BareLocker(requests, width, names.size()));
    }

    /** Labels all; a bare client has done its work when this returns, the controller may not have. */
    void lock() throws InterruptedException {
        try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> work = background.submit(() -> {
                locker.work();
                return null;
            });
            Parallel.forEach(names, name -> {
                ObjectNode patch = Api.JSON.createObjectNode();
                patch.withObject("/metadata/labels").put(statusLabel, Names.LOCKED);
                JsonNode labelled = api.mergePatch(Api.namespace(name), patch);
                locker.labelled(name, Meta.resourceVersion(labelled));
            });
            work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Whether this is the first word of the end of a lock. */
    boolean isNewlyLocked(Change change) {
        return Names.APPLIED_LOCKED.equals(change.label(appliedLabel)) && open.remove(change.name());
    }

    /** The bare client's workers, who take what has been labelled in the order in which it was. */
    private static final class BareLocker implements Locker {
        private record Labelled(String name, String resourceVersion) {}

        private final LockRequests requests;
        private final int width;
        private final int total;
        private final BlockingQueue<Labelled> queue = new LinkedBlockingQueue<>();

        BareLocker(LockRequests requests, int width, int total) {
            this.requests = requests;
            this.width = width;
            this.total = total;
        }

        @Override
        public void labelled(String name, String resourceVersion) {
            queue.add(new Labelled(name, resourceVersion));
        }

        @Override
        public void work() throws InterruptedException {
            Collection<Integer> turns = IntStream.range(0, total).boxed().toList();
            Parallel.forEach(turns, width, turn -> {
                Labelled next = queue.take();
                requests.lock(next.name(), next.resourceVersion());
            });
        }
    }
}
