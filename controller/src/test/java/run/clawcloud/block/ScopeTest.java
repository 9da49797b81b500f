package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.cluster.ApiServer;
import run.clawcloud.block.cluster.KubeConnection;
import run.clawcloud.block.cluster.KubeListWatch;
import run.clawcloud.block.cluster.RequestMonitor;
import run.clawcloud.block.cluster.Verb;
import run.clawcloud.block.feed.Feed;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.feed.NamespaceLister;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Switch;
import run.clawcloud.block.time.Pause;

/** What the feed of namespaces knows when its scope is widened and narrowed while the namespaces change. */
class ScopeTest {

    private static final int CHANGES_OF_SCOPE = 40;
    private static final int WRITERS = 3;
    private static final int WRITES = 60;

    private final String prefix = "scope-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    private final AtomicReference<Selectors> selectors = new AtomicReference<>(Selectors.NONE);
    private final Namespaces namespaces = new Namespaces(new Deaf(), InstantSource.system());
    private final Mirror mirror = new Mirror(new EventFilter(namespaces));
    private final AtomicInteger openWatches = new AtomicInteger();
    private final AtomicInteger mostOpenWatches = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();
    private final List<ApiException> failures = new ArrayList<>();
    private final Set<String> names = new ConcurrentSkipListSet<>();

    private TestCluster cluster;
    private KubeConnection connection;
    private Feed<NamespaceReading> feed;
    private Thread feeding;

    @BeforeEach
    void open() throws Exception {
        cluster = TestCluster.open();
        connection = KubeConnection.open(cluster.kubeconfig(), null, "block-controller/test");
        ApiServer server = new ApiServer(
                connection.client(), connection.url(), false, new Uncounted(), Pause.REAL, System::nanoTime);
        ListWatch source = new Counted(new KubeListWatch(server, Resource.NAMESPACES));
        NamespaceReading reading = new NamespaceReading(selectors::get);
        feed = new Feed<>(
                source,
                NamespaceLister.WITH_STATUS,
                new NamespaceLister(source, 5, reading::read, mirror),
                reading::read,
                NamespaceReading::resourceVersion,
                mirror,
                new Progress(),
                Pause.REAL,
                new SplittableRandom());
        feeding = Thread.ofVirtual().start(() -> {
            try {
                feed.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        feeding.interrupt();
        feeding.join();
        connection.close();
        names.forEach(name -> cluster.client().namespaces().withName(name).delete());
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsLostHoweverTheScopeChanges(boolean wideAtTheEnd) throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(Thread.ofPlatform().start(() -> write(writer)));
        }
        Random random = new Random(3);
        for (int i = 0; i < CHANGES_OF_SCOPE; i++) {
            int before = lists.get();
            scope(i % 2 == 0);
            if (random.nextBoolean()) {
                Eventually.holds(() -> lists.get() > before);
            }
        }
        scope(wideAtTheEnd);
        for (Thread each : writers) {
            each.join();
        }

        Eventually.equal(there(wideAtTheEnd), mirror::known);
        for (String name : names) {
            Optional<Switch> expected = Optional.ofNullable(
                            cluster.client().namespaces().withName(name).get())
                    .filter(each -> label(each, Names.STATUS_LABEL) != null)
                    .map(each -> Switch.ACTIVE);
            assertThat(namespaces.get(name).map(state -> state.status()).filter(status -> status != Switch.ABSENT))
                    .as(name)
                    .isEqualTo(expected);
        }
        Eventually.equal(1, openWatches::get);
        assertThat(mostOpenWatches).hasValue(1);
        assertThat(failures).isEmpty();

        feeding.interrupt();
        feeding.join();
        assertThat(openWatches).hasValue(0);
    }

    private void scope(boolean wide) throws Exception {
        if (wide) {
            selectors.set(Selectors.of(
                    0,
                    Map.of(
                            1, LabelSelector.of(Map.of("tier", "gold"), List.of()),
                            2, LabelSelector.of(Map.of("tier", "silver", "team", "red"), List.of()))));
            feed.relist(NamespaceLister.EVERYTHING);
        } else {
            selectors.set(Selectors.NONE);
            feed.relist(NamespaceLister.WITH_STATUS);
        }
    }

    /** Makes, relabels and deletes namespaces of its own. */
    private void write(int writer) {
        Random random = new Random(writer);
        KubernetesClient client = cluster.client();
        for (int i = 0; i < WRITES; i++) {
            String name = prefix + writer + "-" + i % 12;
            Namespace standing = client.namespaces().withName(name).get();
            if (standing == null) {
                names.add(name);
                client.resource(labelled(new NamespaceBuilder(), name, random)).create();
            } else if (random.nextInt(4) == 0) {
                client.namespaces().withName(name).delete();
            } else if (standing.getMetadata().getDeletionTimestamp() == null) {
                client.namespaces().withName(name).edit(each -> labelled(new NamespaceBuilder(each), name, random));
            }
        }
    }

    private static Namespace labelled(NamespaceBuilder builder, String name, Random random) {
        Map<String, String> labels = new HashMap<>();
        if (random.nextBoolean()) {
            labels.put(Names.STATUS_LABEL, Names.ACTIVE);
        }
        labels.put("tier", random.nextBoolean() ? "gold" : "silver");
        labels.put("team", random.nextBoolean() ? "red" : "blue");
        return builder.editOrNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build();
    }

    /** What the feed has to know: of each namespace the version, the status, and what it matches. */
    private Map<String, String> there(boolean wide) {
        Map<String, String> there = new TreeMap<>();
        Eventually.holds(() -> cluster.client().namespaces().list().getItems().stream()
                .noneMatch(each -> each.getMetadata().getDeletionTimestamp() != null));
        for (Namespace each : cluster.client().namespaces().list().getItems()) {
            String status = label(each, Names.STATUS_LABEL);
            Set<Integer> matches = new TreeSet<>();
            if (wide && "gold".equals(label(each, "tier"))) {
                matches.add(1);
            }
            if (wide && "silver".equals(label(each, "tier")) && "red".equals(label(each, "team"))) {
                matches.add(2);
            }
            String name = each.getMetadata().getName();
            if (name.startsWith(prefix) && (status != null || !matches.isEmpty())) {
                there.put(name, each.getMetadata().getResourceVersion() + " " + status + " " + matches);
            }
        }
        return there;
    }

    private static @Nullable String label(Namespace namespace, String key) {
        return namespace.getMetadata().getLabels().get(key);
    }

    /** Keeps what passes, and hands it on. */
    private final class Mirror implements Feed.Sink<NamespaceReading>, NamespaceLister.Sink {
        private final EventFilter next;
        private final Map<String, NamespaceView> views = new ConcurrentHashMap<>();
        private final Set<String> unlisted = new TreeSet<>();

        Mirror(EventFilter next) {
            this.next = next;
        }

        @Override
        public void changed(NamespaceReading reading) {
            take(reading);
            next.changed(reading);
        }

        @Override
        public void deleted(NamespaceReading reading) {
            views.remove(reading.view().name());
            next.deleted(reading);
        }

        @Override
        public void listBegins(boolean everything) {
            unlisted.clear();
            unlisted.addAll(views.keySet());
            next.listBegins(everything);
        }

        @Override
        public void listed(NamespaceReading reading) {
            take(reading);
            unlisted.remove(reading.view().name());
            next.listed(reading);
        }

        @Override
        public void listEnds(long resourceVersion) {
            views.keySet().removeAll(unlisted);
            next.listEnds(resourceVersion);
        }

        private void take(NamespaceReading reading) {
            NamespaceView view = reading.view();
            if (reading.ours()) {
                views.put(view.name(), view);
            } else {
                views.remove(view.name());
            }
        }

        Map<String, String> known() {
            Map<String, String> known = new TreeMap<>();
            views.forEach((name, view) -> {
                Set<Integer> matches = new TreeSet<>();
                view.matches().forEach(matches::add);
                if (name.startsWith(prefix)) {
                    known.put(name, view.resourceVersion() + " " + view.status() + " " + matches);
                }
            });
            return known;
        }
    }

    /** Counts the watches that are open. */
    private final class Counted implements ListWatch {
        private final ListWatch source;

        Counted(ListWatch source) {
            this.source = source;
        }

        @Override
        public InputStream list(
                String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
                throws ApiException, InterruptedException {
            return source.list(labelSelector, limit, continueToken, resourceVersion);
        }

        @Override
        public long resourceVersion() throws ApiException, InterruptedException {
            return source.resourceVersion();
        }

        @Override
        public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
                throws ApiException, InterruptedException {
            InputStream stream = source.watch(labelSelector, resourceVersion, timeout, silence);
            mostOpenWatches.accumulateAndGet(openWatches.incrementAndGet(), Math::max);
            AtomicBoolean open = new AtomicBoolean(true);
            return new FilterInputStream(stream) {
                @Override
                public void close() throws IOException {
                    super.close();
                    if (open.getAndSet(false)) {
                        openWatches.decrementAndGet();
                    }
                }
            };
        }
    }

    private final class Progress implements FeedMonitor {
        @Override
        public void synced() {
            lists.incrementAndGet();
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            failures.add(failure);
        }
    }

    private static final class Uncounted implements RequestMonitor {
        @Override
        public void answered(Verb verb, Resource resource, String code, Duration took) {}
    }

    private static final class Deaf implements ChangeListener {
        @Override
        public void needed(String namespace, Cause cause) {}

        @Override
        public void notice(String namespace, Notice notice, Deadline deadline) {}
    }
}
