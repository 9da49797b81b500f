package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.request.NamespaceServer.Stored;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.NameList;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;
import run.clawcloud.block.time.SetClock;

/**
 * A server, people who change requests and namespaces on it, watches that lag, lists that are sometimes old, and a
 * controller that is killed now and then. However these overtake each other: once all is told, every namespace is as
 * its requests want it, and every request says so.
 */
class HoldsModelTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final List<String> REQUESTS = List.of("r", "s", "t");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyOrderOfTellingEndsAsTheRequestsWantIt(long seed) throws Exception {
        Random random = new Random(seed);
        for (int run = 0; run < 250; run++) {
            World world = new World(random);
            for (int step = 0; step < 150; step++) {
                world.step();
            }
            world.settle();
            world.check("seed %d, run %d".formatted(seed, run));
        }
    }

    /** What the watch of namespaces tells. */
    private record Told(long version, boolean deleted, Stored stored) {}

    /** What the watch of requests tells. */
    private record ToldRequest(boolean deleted, BlockRequestView view) {}

    /** The requests on the server. */
    private static final class RequestServer implements RequestCluster {
        private final Map<String, BlockRequestView> stored = new TreeMap<>();
        private final List<ToldRequest> told = new ArrayList<>();
        private long version = 10;
        private int uids;

        private void create(RequestBuilder request) {
            put(request.uid("request-" + uids++).finalizers().at(++version).view());
        }

        private void put(BlockRequestView view) {
            if (view.deleting() && view.finalizers().isEmpty()) {
                stored.remove(view.name());
                told.add(new ToldRequest(true, view));
            } else {
                stored.put(view.name(), view);
                told.add(new ToldRequest(false, view));
            }
        }

        private void change(BlockRequestView before, RequestBuilder after) {
            assertThat(stored).containsEntry(before.name(), before);
            put(after.at(++version).view());
        }

        @Override
        public Optional<BlockRequestView> request(String namespace, String name) {
            return Optional.ofNullable(stored.get(name));
        }

        @Override
        public Optional<BlockRequestView> writeFinalizers(BlockRequestView seen, List<String> finalizers)
                throws ApiException {
            BlockRequestView now = find(seen);
            if (now.resourceVersion() != seen.resourceVersion()) {
                throw new ApiException("patch", 409, "Conflict", "it has changed", null);
            }
            RequestBuilder after = new RequestBuilder(now).finalizers(finalizers.toArray(String[]::new));
            change(now, after);
            return Optional.of(after.at(version).view());
        }

        @Override
        public Optional<BlockRequestView> writeStatus(BlockRequestView seen, BlockRequestStatus status)
                throws ApiException {
            BlockRequestView now = find(seen);
            if (!status.equals(now.status())) {
                change(now, new RequestBuilder(now).status(status));
            }
            return Optional.of(find(seen));
        }

        private BlockRequestView find(BlockRequestView seen) throws ApiException {
            BlockRequestView now = stored.get(seen.name());
            if (now == null) {
                throw new ApiException("patch", 404, "NotFound", "it is gone", null);
            }
            if (!now.uid().equals(seen.uid())) {
                throw new ApiException("patch", 422, "Invalid", "metadata.uid: field is immutable", null);
            }
            return now;
        }
    }

    /** What a crash takes with it. */
    private static final class Controller {
        private final Set<String> holds = new LinkedHashSet<>();
        private final Set<String> needed = new LinkedHashSet<>();
        private final Set<String> reports = new LinkedHashSet<>();
        private final Requests requests;
        private final Namespaces namespaces;
        private final EventFilter filter;
        private final HoldReconciler holder;
        private final RequestReconciler reporter;
        private Selectors selectors = Selectors.NONE;
        private boolean relist;
        private long nanoTime;

        Controller(NamespaceServer server, RequestServer requestServer) {
            SetClock clock = new SetClock("2030-01-01T00:00:00Z");
            requests = new Requests(
                    new RequestListener() {
                        @Override
                        public void changed(String key) {
                            reports.add(key);
                        }

                        @Override
                        public void selectors(Selectors those, boolean added) {
                            selectors = those;
                            relist |= added;
                            server.selectors(those);
                        }
                    },
                    RequestBuilder.A_WEEK,
                    RequestNamespaces.ALL);
            server.selectors(Selectors.NONE);
            namespaces = new Namespaces(
                    new ChangeListener() {
                        @Override
                        public void needed(String namespace, Cause cause) {
                            needed.add(namespace);
                        }

                        @Override
                        public void notice(String namespace, Notice notice, Deadline deadline) {}

                        @Override
                        public void unsettled(String namespace, Cause cause) {
                            holds.add(namespace);
                        }

                        @Override
                        public void targetChanged(int request) {
                            requests.key(request).ifPresent(reports::add);
                        }
                    },
                    clock,
                    requests,
                    Set.of());
            requests.join(namespaces);
            filter = new EventFilter(namespaces);
            FlowSettings settings = new FlowSettings(
                    new LockLength.Permanent(), LockQuota.of(false), Set.of(), ExpirationAction.NONE, Duration.ZERO);
            Events deaf = new Events() {
                @Override
                public void normal(Regarding regarding, String reason, String note) {}

                @Override
                public void warning(Regarding regarding, String reason, String note) {}
            };
            holder = new HoldReconciler(server, namespaces, deaf, settings, FlowMonitor.NONE, clock, () -> nanoTime);
            reporter = new RequestReconciler(
                    requestServer,
                    requests,
                    namespaces,
                    deaf,
                    FlowMonitor.NONE,
                    clock,
                    () -> nanoTime += Duration.ofSeconds(1).toNanos());
        }

        private boolean idle() {
            return holds.isEmpty() && needed.isEmpty() && reports.isEmpty() && !relist;
        }
    }

    private static final class World {
        private final Random random;
        private final NamespaceServer server = new NamespaceServer();
        private final RequestServer requestServer = new RequestServer();
        private final List<Told> told = new ArrayList<>();
        private final TreeMap<Long, List<Stored>> history = new TreeMap<>();
        private final IdentityHashMap<NameList, Set<String>> named = new IdentityHashMap<>();
        private Controller controller;
        private long watched;
        private int requestsWatched;

        World(Random random) throws Exception {
            this.random = random;
            server.onWrite(stored -> {
                told.add(new Told(stored.resourceVersion(), false, stored));
                history.put(stored.resourceVersion(), server.all());
            });
            history.put(server.version(), List.of());
            for (int i = 0; i < 15; i++) {
                people();
                ops();
            }
            controller = new Controller(server, requestServer);
            restart();
        }

        private void step() throws Exception {
            switch (random.nextInt(16)) {
                case 0, 1 -> people();
                case 2 -> ops();
                case 3, 4, 5 -> watch();
                case 6, 7 -> watchRequests();
                case 8, 9, 10, 11, 12, 13 -> work();
                case 14 -> {
                    if (controller.relist) {
                        list(versionBetween(watched));
                    }
                }
                default -> {
                    switch (random.nextInt(12)) {
                        case 0 -> restart();
                        case 1 -> relistRequests();
                        case 2 -> list(server.version());
                        default -> watch();
                    }
                }
            }
        }

        private void settle() throws Exception {
            for (int i = 0; i < 2_000; i++) {
                boolean told = watched >= server.version() && requestsWatched == requestServer.told.size();
                if (told && controller.idle()) {
                    return;
                }
                watch();
                watchRequests();
                work();
                if (controller.relist) {
                    list(server.version());
                }
            }
            throw new AssertionError("it does not come to rest: " + controller.holds + controller.needed
                    + controller.reports + requestServer.stored);
        }

        // People.

        private void people() {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (!server.exists(name)) {
                server.create(name, random.nextBoolean() ? Map.of() : Map.of("team", team()));
                return;
            }
            if (server.stored(name).terminating()) {
                remove(name);
                return;
            }
            switch (random.nextInt(12)) {
                case 0 -> server.terminate(name);
                case 1 -> remove(name);
                case 2, 3, 4 -> server.label(name, "team", random.nextInt(4) == 0 ? null : team());
                case 5 -> server.annotate(name, Names.HELD_BY, pick(null, "ops/r", "ops/t,ops/u"));
                case 6 -> server.annotate(name, Names.LOCK_REASON, pick(null, "theirs"));
                default -> server.label(name, Names.STATUS_LABEL, pick(null, "active", "active", "locked", "locked"));
            }
        }

        private void remove(String name) {
            server.remove(name).ifPresent(last -> {
                told.add(new Told(last.resourceVersion(), true, last));
                history.put(last.resourceVersion(), server.all());
            });
        }

        private String team() {
            return random.nextBoolean() ? "x" : "y";
        }

        private @Nullable String pick(@Nullable String... texts) {
            return texts[random.nextInt(texts.length)];
        }

        private void ops() {
            String name = REQUESTS.get(random.nextInt(REQUESTS.size()));
            BlockRequestView before = requestServer.stored.get(name);
            if (before == null) {
                requestServer.create(naming(RequestBuilder.request(name, action()))
                        .selecting(random.nextInt(3) == 0 ? RequestBuilder.selector("team", team()) : null));
                return;
            }
            RequestBuilder request = new RequestBuilder(before);
            switch (before.deleting() ? 9 : random.nextInt(8)) {
                case 0, 1 -> requestServer.change(before, request.deleting());
                case 2 -> requestServer.change(before, request.action(action()));
                case 3 -> requestServer.change(before, naming(request));
                case 4 -> requestServer.change(before, request.selecting(RequestBuilder.selector("team", team())));
                case 5 -> requestServer.change(before, request.selecting(null));
                case 6 -> requestServer.change(before, request.because(pick(null, "one", "two"), null));
                case 7 -> {
                    // Somebody edits the status.
                    requestServer.change(before, request.status(BlockRequestStatus.NONE));
                }
                default -> {}
            }
        }

        private String action() {
            return random.nextInt(3) == 0 ? Names.ACTIVE : Names.LOCKED;
        }

        private RequestBuilder naming(RequestBuilder request) {
            Set<String> names =
                    NAMES.stream().filter(_ -> random.nextInt(3) == 0).collect(Collectors.toSet());
            RequestBuilder after = request.namespaces(names.toArray(String[]::new));
            named.put(after.view().spec().names(), names);
            return after;
        }

        // Feeds.

        private NamespaceReading reading(Stored stored) {
            Selectors now = controller.selectors;
            return stored.read(new NamespaceReading(() -> now));
        }

        private void watch() {
            Optional<Told> next =
                    told.stream().filter(each -> each.version() > watched).findFirst();
            next.ifPresent(each -> {
                if (each.deleted()) {
                    controller.filter.deleted(reading(each.stored()));
                } else {
                    controller.filter.changed(reading(each.stored()));
                }
            });
            watched = next.map(Told::version).orElse(server.version());
        }

        private void watchRequests() {
            if (requestsWatched < requestServer.told.size()) {
                ToldRequest next = requestServer.told.get(requestsWatched++);
                if (next.deleted()) {
                    controller.requests.deleted(next.view());
                } else {
                    controller.requests.changed(next.view());
                }
            }
        }

        private long versionBetween(long first) {
            List<Long> versions =
                    List.copyOf(history.tailMap(history.floorKey(first), true).keySet());
            return versions.get(random.nextInt(versions.size()));
        }

        /** All namespaces as they were at a version, while other things go on. */
        private void list(long version) throws Exception {
            controller.relist = false;
            controller.requests.namespacesListBegins();
            controller.filter.listBegins(true);
            for (Stored each : history.floorEntry(version).getValue()) {
                controller.filter.listed(reading(each));
                if (random.nextInt(3) == 0) {
                    work();
                }
                if (random.nextInt(6) == 0) {
                    watchRequests();
                }
            }
            controller.filter.listEnds(version);
            controller.requests.namespacesListEnds();
            watched = version;
        }

        private void relistRequests() {
            controller.requests.listBegins();
            requestServer.stored.values().forEach(controller.requests::listed);
            controller.requests.listEnds();
            requestsWatched = requestServer.told.size();
        }

        /** The controller is killed, and started anew. */
        private void restart() throws Exception {
            controller = new Controller(server, requestServer);
            relistRequests();
            list(versionBetween(Math.max(10, server.version() - 10)));
        }

        // Work.

        private void work() throws Exception {
            switch (random.nextInt(3)) {
                case 0 -> next(controller.holds, this::hold);
                case 1 -> next(controller.needed, this::lockOrUnlock);
                default -> next(controller.reports, controller.reporter::process);
            }
        }

        private interface Worker {
            Outcome process(String key) throws Exception;
        }

        private void next(Set<String> queue, Worker worker) throws Exception {
            if (queue.isEmpty()) {
                return;
            }
            String key = List.copyOf(queue).get(random.nextInt(queue.size()));
            queue.remove(key);
            if (!(worker.process(key) instanceof Outcome.Done)) {
                queue.add(key);
            }
        }

        private Outcome hold(String namespace) throws Exception {
            // Something may happen between a question and its answer.
            if (random.nextInt(4) == 0) {
                server.once(random.nextBoolean() ? "get" : "patch", this::meanwhile);
            }
            return controller.holder.process(namespace);
        }

        private void meanwhile() throws ApiException {
            switch (random.nextInt(4)) {
                case 0 -> people();
                case 1 -> watch();
                case 2 -> watchRequests();
                default -> throw new ApiException("request", 500, "InternalError", "scripted", null);
            }
        }

        /** What the flows do, in short. */
        private Outcome lockOrUnlock(String name) throws Exception {
            Optional<NamespaceState> state = controller.namespaces.get(name);
            Need need = state.map(NamespaceState::need).orElse(Need.NOTHING);
            if (need == Need.NOTHING || need == Need.WARN) {
                return Outcome.done();
            }
            long known = state.orElseThrow().resourceVersion();
            try {
                if (need == Need.LOOK) {
                    return look(name, known);
                }
                NamespacePatch patch = NamespacePatch.at(known)
                        .label(Names.APPLIED_LABEL, need == Need.LOCK ? Names.APPLIED_LOCKED : null);
                server.patchNamespace(name, patch).ifPresent(view -> controller.namespaces.observed(view, known));
                return Outcome.done();
            } catch (ApiException e) {
                try {
                    return look(name, known) instanceof Outcome.Done && e.notFound()
                            ? Outcome.done()
                            : Outcome.failed();
                } catch (ApiException again) {
                    return Outcome.failed();
                }
            }
        }

        private Outcome look(String name, long known) throws ApiException {
            server.namespace(name)
                    .ifPresentOrElse(
                            view -> controller.namespaces.observed(view, known),
                            () -> controller.namespaces.forgotten(name, known));
            return Outcome.done();
        }

        // The end.

        private void check(String as) {
            for (Stored stored : server.all()) {
                if (!stored.terminating()) {
                    check(as + ", namespace " + stored, stored);
                }
            }
            requestServer.stored.values().forEach(each -> check(as + ", request " + each, each));
        }

        private void check(String as, Stored stored) {
            NamespaceView view = stored.view(Selectors.NONE);
            List<BlockRequestView> holders = requestServer.stored.values().stream()
                    .filter(each -> each.holds() && targets(each).contains(stored.name()))
                    .toList();
            if (holders.isEmpty()) {
                assertThat(view.heldBy()).as(as).isNull();
                assertThat(view.originalLockReason()).as(as).isNull();
            } else {
                assertThat(view.status()).as(as).isEqualTo("locked");
                assertThat(view.heldBy())
                        .as(as)
                        .isEqualTo(holders.stream().map(BlockRequestView::key).collect(Collectors.joining(",")));
                String reasons = holders.stream()
                        .map(each -> each.spec().reason())
                        .filter(each -> each != null)
                        .distinct()
                        .collect(Collectors.joining("; "));
                assertThat(view.lockReason() != null && view.originalLockReason() != null ? view.lockReason() : "")
                        .as(as)
                        .isEqualTo(reasons);
            }
            assertThat(view.applied()).as(as).isEqualTo("locked".equals(view.status()) ? "locked" : null);
        }

        private Set<String> targets(BlockRequestView request) {
            Set<String> names = new TreeSet<>(named.getOrDefault(request.spec().names(), Set.of()));
            server.all().stream()
                    .filter(each -> !each.terminating())
                    .filter(each -> request.spec().selector() != null
                            && request.spec().selector().matches(each.labels()))
                    .forEach(each -> names.add(each.name()));
            return names;
        }

        private void check(String as, BlockRequestView request) {
            assertThat(request.deleting()).as(as).isFalse();
            assertThat(request.hasFinalizer()).as(as).isTrue();
            BlockRequestStatus status = request.status();
            assertThat(status.observedGeneration()).as(as).isEqualTo(request.generation());
            assertThat(status.ready().orElseThrow().reason()).as(as).isNotEqualTo(BlockRequestStatus.PROGRESSING);
            if (request.asksForLock()) {
                Set<String> targets = targets(request);
                long locked = targets.stream()
                        .filter(each ->
                                server.exists(each) && !server.stored(each).terminating())
                        .count();
                assertThat(status.targetCount()).as(as).isEqualTo(targets.size());
                assertThat(status.lockedCount()).as(as).isEqualTo(locked);
                assertThat(status.failedCount()).as(as).isEqualTo(targets.size() - locked);
            }
        }
    }
}
