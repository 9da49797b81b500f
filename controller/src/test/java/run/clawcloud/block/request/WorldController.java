package run.clawcloud.block.request;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.namespace.NamespaceReconciler;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.request.World.Memory;
import run.clawcloud.block.request.World.Quota;
import run.clawcloud.block.request.World.Told;
import run.clawcloud.block.request.World.ToldRequest;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.NameList;
import run.clawcloud.block.state.NamespaceIndex;
import run.clawcloud.block.state.Namespaces;

/**
 * The controller of a {@link World}: the real state and the real workers, brought to where {@link Memory} says that
 * they are. Each method is one thing that a controller does.
 */
final class WorldController implements ChangeListener, RequestListener {

    /** Lists of names are not compared by what they contain, so there is one. */
    static final NameList NAMES = RequestBuilder.names(World.NAMESPACE);

    private static final Events DEAF = new Events() {
        @Override
        public void normal(Regarding regarding, String reason, String note) {}

        @Override
        public void warning(Regarding regarding, String reason, String note) {}
    };

    private static final FlowSettings SETTINGS = new FlowSettings(
            RequestBuilder.A_WEEK, LockQuota.of(false), Set.of(), ExpirationAction.DELETE, Duration.ZERO);

    private final WorldServer server;
    private Requests requests;
    private Namespaces namespaces;
    private boolean needed;
    private boolean unsettled;
    private final TreeSet<String> reports = new TreeSet<>();
    private boolean remembers;

    WorldController(WorldServer server, Memory memory) {
        this.server = server;
        requests = new Requests(this, RequestBuilder.A_WEEK, RequestNamespaces.ALL);
        namespaces = new Namespaces(this, server::now, requests, Set.of());
        requests.join(namespaces);
        recall(memory);
    }

    private void recall(Memory memory) {
        remembers = true;
        list(
                memory.requests(),
                memory.known() ? ViewBuilder.locked(World.NAMESPACE, 1).build() : null,
                1);
        if (memory.known()) {
            namespaces.failed(World.NAMESPACE, "scripted");
            NamespaceIndex index = index();
            int id = index.find(World.NAMESPACE);
            index.setFlags(id, memory.flags());
            index.setResourceVersion(id, memory.version());
            index.setDeadline(id, memory.deadline());
        }
        needed = memory.needed();
        unsettled = memory.unsettled();
        reports.addAll(memory.reports());
        remembers = false;
    }

    Memory memory() {
        NamespaceIndex index = index();
        int id = index.find(World.NAMESPACE);
        boolean known = id != NamespaceIndex.ABSENT;
        List<BlockRequestView> views = new ArrayList<>();
        for (String name : EveryInterleavingTest.REQUESTS) {
            requests.get("ops/" + name).ifPresent(each -> views.add(withNames(each.view())));
        }
        return new Memory(
                known,
                known ? index.flags(id) : 0,
                known ? index.resourceVersion(id) : 0,
                known ? index.deadline(id) : 0,
                views,
                needed,
                unsettled,
                new TreeSet<>(reports));
    }

    private static BlockRequestView withNames(BlockRequestView view) {
        BlockRequestSpec spec = view.spec();
        return new BlockRequestView(
                view.namespace(),
                view.name(),
                view.uid(),
                view.resourceVersion(),
                view.generation(),
                view.deleting(),
                view.finalizers(),
                new BlockRequestSpec(
                        NAMES, spec.selector(), spec.action(), spec.reason(), spec.lockDuration(), spec.faults()),
                view.status());
    }

    private NamespaceIndex index() {
        try {
            Field index = Namespaces.class.getDeclaredField("index");
            index.setAccessible(true);
            return (NamespaceIndex) index.get(namespaces);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Namespaces has no index", e);
        }
    }

    // What it hears of itself.

    @Override
    public void needed(String namespace, Cause cause) {
        needed |= !remembers;
    }

    @Override
    public void unsettled(String namespace, Cause cause) {
        unsettled |= !remembers;
    }

    @Override
    public void notice(String namespace, Notice notice, Deadline deadline) {}

    @Override
    public void targetChanged(int request) {
        requests.key(request).ifPresent(this::changed);
    }

    @Override
    public void changed(String key) {
        if (!remembers) {
            reports.add(key);
        }
    }

    @Override
    public void selectors(Selectors selectors, boolean added) {
        throw new AssertionError("no request selects");
    }

    // What it does.

    /** Begins anew with nothing but a list, which may be older than what is there by one write. */
    void start(boolean stale) {
        needed = false;
        unsettled = false;
        reports.clear();
        requests = new Requests(this, RequestBuilder.A_WEEK, RequestNamespaces.ALL);
        namespaces = new Namespaces(this, server::now, requests, Set.of());
        requests.join(namespaces);
        server.requestsTold.clear();
        relist(stale, server.requests);
        server.quotaMissed |= server.quotaTold || server.drifted();
        server.quotaTold = false;
    }

    /** The watch of namespaces has failed: it lists again. */
    void relist(boolean stale) {
        relist(stale, null);
    }

    private void relist(boolean stale, @Nullable List<BlockRequestView> those) {
        NamespaceView view = stale ? server.before : server.namespace;
        boolean listed = view.status() != null || view.applied() != null;
        server.told.clear();
        if (stale) {
            server.told.add(new Told(
                    server.namespace.status() == null,
                    server.namespace.status() == null
                            ? new ViewBuilder(view)
                                    .at(server.namespace.resourceVersion())
                                    .build()
                            : server.namespace));
        }
        list(those, listed ? view : null, view.resourceVersion());
    }

    private void list(@Nullable List<BlockRequestView> those, @Nullable NamespaceView view, long version) {
        if (those != null) {
            requests.listBegins();
            those.forEach(requests::listed);
            requests.listEnds();
        }
        namespaces.listBegins(false);
        if (view != null) {
            namespaces.listed(view);
        }
        namespaces.listEnds(version);
    }

    void hear(Told told) {
        if (told.deleted()) {
            namespaces.deleted(told.view());
        } else {
            namespaces.changed(told.view());
        }
    }

    void hear(ToldRequest told) {
        if (told.deleted()) {
            requests.deleted(told.view());
        } else {
            requests.changed(told.view());
        }
    }

    void hearOfQuota() {
        if (server.quota != Quota.RIGHT) {
            namespaces.quotaDrifted(World.NAMESPACE);
        }
    }

    void scanQuotas() {
        namespaces.scanBegins();
        if (server.quota == Quota.RIGHT) {
            namespaces.quotaSeen(World.NAMESPACE);
        }
        namespaces.scanEnds();
    }

    void tick() {
        namespaces.tick(Duration.ZERO);
    }

    void work() throws InterruptedException {
        needed = false;
        NamespaceReconciler worker =
                new NamespaceReconciler(server, namespaces, DEAF, SETTINGS, 60, FlowMonitor.NONE, server::now, () -> 0);
        boolean again = !(worker.process(World.NAMESPACE) instanceof Outcome.Done);
        needed |= again;
    }

    void settle() throws InterruptedException {
        unsettled = false;
        HoldReconciler worker =
                new HoldReconciler(server, namespaces, DEAF, SETTINGS, FlowMonitor.NONE, server::now, () -> 0);
        boolean again = !(worker.process(World.NAMESPACE) instanceof Outcome.Done);
        unsettled |= again;
    }

    void report(String key) throws InterruptedException {
        reports.remove(key);
        RequestReconciler worker =
                new RequestReconciler(server, requests, namespaces, DEAF, FlowMonitor.NONE, server::now, () -> 0);
        if (!(worker.process(key) instanceof Outcome.Done)) {
            reports.add(key);
        }
    }
}
