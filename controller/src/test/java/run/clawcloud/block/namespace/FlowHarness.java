package run.clawcloud.block.namespace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.NameList;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;
import run.clawcloud.block.state.Wish;
import run.clawcloud.block.state.Wishes;
import run.clawcloud.block.time.SetClock;

/** The flows between a state and a cluster in memory; a test says what the namespace is like and what goes wrong. */
final class FlowHarness {

    static final LockLength A_WEEK = new LockLength.Of(Duration.ofDays(7));
    static final String HOLDER = "team/hold";

    final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    final AtomicInteger edition = new AtomicInteger();
    final AtomicLong nanoTime = new AtomicLong();
    final NotedEvents events = new NotedEvents();
    final List<String> needed = new ArrayList<>();
    final List<String> ended = new ArrayList<>();
    final List<Duration> took = new ArrayList<>();
    final List<ApiException> failures = new ArrayList<>();
    final MemoryCluster cluster;
    final Namespaces namespaces;
    private final NamespaceReconciler reconciler;
    /** Whether the requests that name the namespace hold it. */
    private boolean held;

    FlowHarness(ViewBuilder namespace) {
        this(namespace, A_WEEK, ExpirationAction.DELETE, Duration.ZERO, 60);
    }

    FlowHarness(
            ViewBuilder namespace,
            LockLength length,
            ExpirationAction action,
            Duration grace,
            int maxDeletionsPerMinute) {
        cluster = new MemoryCluster(namespace);
        namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String name, Cause cause) {
                        needed.add(name);
                    }

                    @Override
                    public void notice(String name, Notice notice, Deadline deadline) {
                        needed.add(name + " " + notice);
                    }
                },
                clock,
                new Wishes() {
                    @Override
                    public Wish of(int... members) {
                        return members.length > 0 && held ? Wish.locked(HOLDER, null, null) : Wish.NOTHING;
                    }

                    @Override
                    public boolean selects(int request) {
                        return false;
                    }

                    @Override
                    public int edition() {
                        return edition.get();
                    }
                },
                Set.of());
        FlowMonitor monitor = new FlowMonitor() {
            @Override
            public void ended(Flow flow, String name, String result, Duration took) {
                ended.add(flow + " " + result);
                FlowHarness.this.took.add(took);
            }

            @Override
            public void failed(ApiException failure) {
                failures.add(failure);
            }

            @Override
            public void namespaceDeleted() {
                ended.add("deleted");
            }
        };
        reconciler = new NamespaceReconciler(
                cluster,
                namespaces,
                events,
                new FlowSettings(length, LockQuota.of(false), Set.of("kube-system", "shielded"), action, grace),
                maxDeletionsPerMinute,
                monitor,
                clock,
                nanoTime::get);
        namespaces.changed(namespace.build());
        needed.clear();
    }

    /** A BlockRequest with the number 0 holds the namespace, as that already says. */
    void hold() {
        held = true;
        NameList names = new NameList();
        names.add(cluster.view().name());
        namespaces.requestsKnown();
        namespaces.named(0, names);
        cluster.change(each -> each.heldBy(HOLDER));
        namespaces.changed(cluster.view());
        needed.clear();
    }

    /** The namespace has gone, and another one of its name is there. */
    void anew(ViewBuilder namespace) {
        namespaces.deleted(cluster.view());
        cluster.change(_ -> namespace);
        namespaces.changed(cluster.view());
    }

    /** Works on the namespace once. */
    Outcome process() throws InterruptedException {
        return reconciler.process(cluster.exists() ? cluster.view().name() : "tenant");
    }

    /** What the state calls for; {@link Need#NOTHING} also when it knows of no namespace. */
    Need need() {
        return namespaces.get("tenant").map(state -> state.need()).orElse(Need.NOTHING);
    }
}
