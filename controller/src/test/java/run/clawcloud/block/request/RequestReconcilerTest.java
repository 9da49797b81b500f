package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.active;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.BlockRequestStatus.NamespaceStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.NotedEvents;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.time.SetClock;

/** The finalizer and the status of a request: when they are written, and what becomes of a refusal. */
class RequestReconcilerTest {

    private static final String KEY = "ops/r";

    /** One request on a server in memory, which refuses what a test has laid in the way. */
    private static final class Server implements RequestCluster {
        private final List<String> calls = new ArrayList<>();
        private final List<ApiException> refusals = new ArrayList<>();
        private @Nullable BlockRequestView stored;
        /** Beyond so many single namespaces the object is too large. */
        private int most = Integer.MAX_VALUE;
        /** Its schema has no single namespaces. */
        private boolean prunes;

        private boolean dryRun;
        /** Happens at each request. */
        private Runnable incident = () -> {};

        private BlockRequestView view() {
            BlockRequestView view = stored;
            if (view == null) {
                throw new AssertionError("the request is gone");
            }
            return view;
        }

        private BlockRequestStatus status() {
            return view().status();
        }

        private void change(UnaryOperator<RequestBuilder> change) {
            BlockRequestView before = view();
            stored = change.apply(new RequestBuilder(before))
                    .at(before.resourceVersion() + 1)
                    .view();
        }

        private void refuse(int code, String reason) {
            refusals.add(new ApiException("request", code, reason, "scripted", null));
        }

        private void request(String call) throws ApiException {
            calls.add(call);
            incident.run();
            if (!refusals.isEmpty()) {
                throw refusals.removeFirst();
            }
        }

        @Override
        public Optional<BlockRequestView> request(String namespace, String name) throws ApiException {
            request("get");
            return Optional.ofNullable(stored);
        }

        @Override
        public Optional<BlockRequestView> writeFinalizers(BlockRequestView seen, List<String> finalizers)
                throws ApiException {
            request("finalizers " + finalizers);
            if (view().resourceVersion() != seen.resourceVersion()) {
                throw new ApiException("patch", 409, "Conflict", "it has changed", null);
            }
            if (dryRun) {
                return Optional.empty();
            }
            change(request -> request.finalizers(finalizers.toArray(String[]::new)));
            return Optional.of(view());
        }

        @Override
        public Optional<BlockRequestView> writeStatus(BlockRequestView seen, BlockRequestStatus status)
                throws ApiException {
            request("status " + status.namespaceStatuses().size());
            if (!view().uid().equals(seen.uid())) {
                throw new ApiException("patch", 422, "Invalid", "metadata.uid: field is immutable", null);
            }
            if (status.namespaceStatuses().size() > most) {
                throw new ApiException("patch", 500, "", "etcdserver: request is too large", null);
            }
            if (dryRun) {
                return Optional.empty();
            }
            BlockRequestStatus kept = prunes ? status.withoutNamespaceStatuses() : status;
            if (!kept.equals(view().status())) {
                change(request -> request.status(kept));
            }
            return Optional.of(view());
        }

        private List<String> takeCalls() {
            List<String> taken = List.copyOf(calls);
            calls.clear();
            return taken;
        }
    }

    private final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    private final AtomicLong nanoTime = new AtomicLong();
    private final Server server = new Server();
    /** Keys that are to be worked on. */
    private final Set<String> queue = new LinkedHashSet<>();

    private final NotedEvents events = new NotedEvents();
    /** What who measures hears. */
    private final List<String> measured = new ArrayList<>();

    private Requests requests;
    private Namespaces namespaces;
    private RequestReconciler reconciler;

    @BeforeEach
    void begin() {
        begin(RequestNamespaces.ALL);
    }

    private void begin(RequestNamespaces counted) {
        requests = new Requests(
                new RequestListener() {
                    @Override
                    public void changed(String key) {
                        queue.add(key);
                    }

                    @Override
                    public void selectors(Selectors selectors, boolean added) {}
                },
                RequestBuilder.A_WEEK,
                counted);
        namespaces = new Namespaces(
                new ChangeListener() {
                    @Override
                    public void needed(String namespace, Cause cause) {}

                    @Override
                    public void notice(String namespace, Notice notice, Deadline deadline) {}

                    @Override
                    public void targetChanged(int request) {
                        requests.key(request).ifPresent(queue::add);
                    }
                },
                clock,
                requests,
                Set.of("shielded"));
        FlowMonitor monitor = new FlowMonitor() {
            @Override
            public void ended(Flow flow, String name, String result, Duration took) {
                measured.add("%s %s %s %d ns".formatted(flow, name, result, took.toNanos()));
            }

            @Override
            public void failed(ApiException failure) {
                measured.add("refused with " + failure.code());
            }
        };
        reconciler = new RequestReconciler(server, requests, namespaces, events, monitor, clock, nanoTime::get);
        requests.join(namespaces);
    }

    private void start(RequestBuilder request, ViewBuilder... views) {
        server.stored = request.view();
        requests.listBegins();
        requests.listed(request.view());
        requests.listEnds();
        requests.namespacesListBegins();
        namespaces.listBegins(true);
        for (ViewBuilder each : views) {
            namespaces.listed(each.build());
        }
        namespaces.listEnds(1_000);
        requests.namespacesListEnds();
    }

    private Outcome process() throws InterruptedException {
        queue.clear();
        return reconciler.process(KEY);
    }

    /** As often as it is called for, at once; says how often that was. */
    private int untilQuiet() throws InterruptedException {
        queue.add(KEY);
        for (int times = 0; times < 20; times++) {
            if (!queue.remove(KEY)) {
                return times;
            }
            reconciler.process(KEY);
        }
        throw new AssertionError("it goes round and round: " + server.calls);
    }

    private void hear() {
        requests.changed(server.view());
    }

    private String reason() {
        return server.status().ready().orElseThrow().reason();
    }

    private static RequestBuilder unfinished(String... names) {
        return RequestBuilder.locked("r", names).finalizers("theirs");
    }

    private static ViewBuilder held(String name) {
        return done(name, 5).heldBy(KEY);
    }

    // Events.

    @Test
    void peopleAreToldOfEachEndOnce() throws Exception {
        start(RequestBuilder.locked("r", "a", "gone"), held("a"));
        untilQuiet();
        assertThat(events.take())
                .containsExactly("Warning BlockRequest " + KEY + " PartlyFailed: "
                        + "1 of 2 namespaces are locked, 1 failed: gone does not exist");
        reconciler.process(KEY);
        assertThat(events.take()).isEmpty();

        server.change(request -> request.namespaces("a"));
        hear();
        untilQuiet();

        assertThat(events.take())
                .containsExactly("Normal BlockRequest " + KEY + " Applied: 1 of 1 namespaces are locked");
    }

    // The finalizer.

    @Test
    void theFinalizerIsAddedToThoseThatAreThere() throws Exception {
        start(unfinished("a"), held("a"));

        untilQuiet();

        assertThat(server.view().finalizers()).containsExactly("theirs", Names.FINALIZER);
        assertThat(server.calls).startsWith("finalizers [theirs, " + Names.FINALIZER + "]");
    }

    @Test
    void theFinalizerGoesWhenAllIsReleasedAndNotBefore() throws Exception {
        RequestBuilder request = RequestBuilder.locked("r", "a", "b").finalizers(Names.FINALIZER, "theirs");
        start(request, held("a"), held("b"));
        untilQuiet();
        server.change(RequestBuilder::deleting);
        hear();
        server.takeCalls();

        untilQuiet();
        namespaces.observed(active("a", 1_001).build(), 5);
        untilQuiet();
        assertThat(server.takeCalls()).isEmpty();

        namespaces.observed(active("b", 1_002).build(), 5);
        untilQuiet();
        assertThat(server.takeCalls()).containsExactly("finalizers [theirs]");
        assertThat(server.view().finalizers()).containsExactly("theirs");
    }

    /** Set to active, and deleted before that was carried out. */
    @Test
    void theFinalizerOfARequestThatIsSetActiveAndDeletedWaitsForTheReleaseToo() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        untilQuiet();
        server.change(request -> request.action(Names.ACTIVE));
        hear();
        server.change(RequestBuilder::deleting);
        hear();
        server.takeCalls();

        untilQuiet();
        assertThat(server.takeCalls()).isEmpty();

        namespaces.observed(active("a", 1_001).build(), 5);
        untilQuiet();
        assertThat(server.view().finalizers()).isEmpty();
    }

    @Test
    void theFinalizerOfARequestThatIsDeletedAtOnceWithItsNamespacesGoes() throws Exception {
        start(RequestBuilder.locked("r", "a", "b").deleting(), held("a").terminating());
        namespaces.forgotten("b", 1_000);

        untilQuiet();

        assertThat(server.view().finalizers()).isEmpty();
    }

    @Test
    void theFinalizerOfADeletedRequestWithASelectorWaitsForAllNamespaces() throws Exception {
        RequestBuilder deleting = RequestBuilder.locked("r")
                .selecting(RequestBuilder.selector("team", "a"))
                .deleting();
        server.stored = deleting.view();
        requests.listBegins();
        requests.listed(deleting.view());
        requests.listEnds();

        untilQuiet();
        assertThat(server.takeCalls()).isEmpty();

        requests.namespacesListBegins();
        namespaces.listBegins(true);
        namespaces.listEnds(1_000);
        requests.namespacesListEnds();
        untilQuiet();
        assertThat(server.view().finalizers()).isEmpty();
    }

    @Test
    void aRequestThatIsGoneIsDone() throws Exception {
        assertThat(process()).isEqualTo(Outcome.done());
    }

    // The status.

    @Test
    void theStatusSaysWhatHasBecomeOfEachNamespace() throws Exception {
        start(RequestBuilder.locked("r", "a", "b", "shielded"), held("a"), view("b", 6), view("shielded", 7));

        untilQuiet();

        BlockRequestStatus status = server.status();
        assertThat(status.observedGeneration()).isEqualTo(server.view().generation());
        assertThat(status.targetCount()).isEqualTo(3);
        assertThat(status.lockedCount()).isEqualTo(1);
        assertThat(status.failedCount()).isEqualTo(1);
        assertThat(status.processedNamespaceCount()).isEqualTo(2);
        assertThat(status.namespaceStatuses())
                .containsExactly(
                        new NamespaceStatus("shielded", "Failed", "is protected"),
                        new NamespaceStatus("b", "Pending", ""),
                        new NamespaceStatus("a", "Locked", ""));
        assertThat(reason()).isEqualTo(BlockRequestStatus.PROGRESSING);
    }

    @Test
    void atMostOneStatusIsWrittenInTwoSecondsWhileSomethingIsUnderWay() throws Exception {
        start(RequestBuilder.locked("r", "a", "b", "c"), view("a", 5), view("b", 5), view("c", 5));
        untilQuiet();
        assertThat(server.takeCalls()).containsExactly("status 3");

        nanoTime.addAndGet(Duration.ofMillis(500).toNanos());
        namespaces.changed(held("a").at(1_001).build());
        assertThat(process()).isEqualTo(Outcome.again(Duration.ofMillis(1_500), Priority.LIVE));
        nanoTime.addAndGet(Duration.ofMillis(1_500).toNanos());
        namespaces.changed(held("b").at(1_002).build());
        assertThat(process()).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).containsExactly("status 3");
        assertThat(server.status().lockedCount()).isEqualTo(2);
    }

    @Test
    void theLastStatusIsExactAndDoesNotWait() throws Exception {
        start(RequestBuilder.locked("r", "a"), view("a", 5));
        untilQuiet();

        namespaces.changed(held("a").at(1_001).build());
        untilQuiet();

        assertThat(server.takeCalls()).containsExactly("status 1", "status 1");
        assertThat(server.status().lockedCount()).isEqualTo(1);
        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
    }

    @Test
    void nothingIsWrittenWhenNothingHasChanged() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        untilQuiet();
        server.takeCalls();

        hear();
        untilQuiet();

        assertThat(server.takeCalls()).isEmpty();
    }

    @Test
    void aStatusThatSomebodyEditedIsPutRight() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        untilQuiet();
        BlockRequestStatus right = server.status();

        server.change(request -> request.status(new BlockRequestStatus(
                99, List.of(), 7, 7, 7, 7, "token", List.of(new NamespaceStatus("x", "y", "z")))));
        hear();
        untilQuiet();

        assertThat(server.status()).isEqualTo(right);
    }

    @Test
    void afterARestartTheStatusStandsUntilAllNamespacesAreKnown() throws Exception {
        RequestBuilder request = RequestBuilder.locked("r")
                .selecting(RequestBuilder.selector("team", "a"))
                .done(BlockRequestStatus.APPLIED);
        server.stored = request.view();
        requests.listBegins();
        requests.listed(request.view());
        requests.listEnds();

        untilQuiet();

        assertThat(server.takeCalls()).isEmpty();
    }

    @Test
    void aSelectorThatMatchesNothingIsReadyWithZeroTargets() throws Exception {
        start(RequestBuilder.locked("r").selecting(RequestBuilder.selector("team", "a")), view("a", 5));

        untilQuiet();

        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
        assertThat(server.status().targetCount()).isZero();
    }

    @Test
    void aStatusThatIsTooLargeHasTheCountsAloneAndIsNotTriedForEver() throws Exception {
        server.most = 1;
        start(RequestBuilder.locked("r", "a", "b"), held("a"), held("b"));

        untilQuiet();

        assertThat(server.takeCalls()).containsExactly("status 2", "status 0");
        assertThat(server.status().lockedCount()).isEqualTo(2);
        assertThat(server.status().namespaceStatuses()).isEmpty();
        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
    }

    @Test
    void aServerThatLeavesSomethingOutOfTheStatusIsNotAskedAgainAndAgain() throws Exception {
        server.prunes = true;
        start(RequestBuilder.locked("r", "a"), held("a"));

        untilQuiet();
        assertThat(server.takeCalls()).containsExactly("status 1");

        server.change(request -> request.status(BlockRequestStatus.NONE));
        hear();
        untilQuiet();
        assertThat(server.takeCalls()).containsExactly("status 1");
        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
    }

    @Test
    void whoMeasuresHearsHowEachReportEndsAndHowLongItTook() throws Exception {
        nanoTime.set(100);
        start(RequestBuilder.locked("r", "a", "b"), view("a", 5), view("b", 5));
        server.incident = () -> nanoTime.addAndGet(7);

        server.refuse(500, "InternalError");
        process();
        process();
        namespaces.changed(held("a").at(1_001).build());
        process();
        namespaces.changed(held("b").at(1_002).build());
        server.refuse(404, "NotFound");
        process();

        assertThat(measured)
                .containsExactly(
                        "refused with 500",
                        "REPORT ops/r failed 7 ns",
                        "REPORT ops/r done 7 ns",
                        "REPORT ops/r again 0 ns",
                        "REPORT ops/r void 7 ns");
    }

    // Requests that do not count.

    @Test
    void aRequestThatDoesNotCountIsToldSoAndNothingKeepsItOrHoldsForIt() throws Exception {
        begin(RequestNamespaces.of(List.of("platform")));
        start(RequestBuilder.locked("r", "a").done(BlockRequestStatus.APPLIED), view("a", 5));

        untilQuiet();

        assertThat(server.takeCalls()).containsExactly("finalizers []", "status 0");
        assertThat(reason()).isEqualTo(BlockRequestStatus.NOT_ALLOWED);
        assertThat(server.status().ready().orElseThrow().message()).contains("platform");
        assertThat(server.status().targetCount()).isZero();
        assertThat(namespaces.hold("a")).isEmpty();
    }

    @Test
    void aRequestThatDoesNotCountGoesAtOnceWhenItIsDeleted() throws Exception {
        begin(RequestNamespaces.of(List.of("platform")));
        start(RequestBuilder.locked("r", "a").deleting(), held("a"));

        untilQuiet();

        assertThat(server.takeCalls()).containsExactly("finalizers []");
    }

    /** Else it would open the namespace once more as soon as it counts again. */
    @Test
    void whatAnActiveRequestHasDoneWhileItCountedStaysSaid() throws Exception {
        begin(RequestNamespaces.of(List.of("platform")));
        start(RequestBuilder.active("r", "a").finalizers().done(BlockRequestStatus.APPLIED), active("a", 5));

        untilQuiet();

        assertThat(server.takeCalls()).isEmpty();
    }

    // Active requests.

    /** A namespace that it names no longer is no target of it any more, but has yet to be let go. */
    @Test
    void anActiveRequestIsNotThroughBeforeWhatItNamedOnceIsReleased() throws Exception {
        start(RequestBuilder.locked("r", "a", "b"), held("a"), held("b"));
        untilQuiet();
        server.change(request -> request.namespaces("b"));
        hear();
        server.change(request -> request.action(Names.ACTIVE));
        hear();
        namespaces.observed(active("b", 1_001).build(), 5);
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        untilQuiet();
        assertThat(reason()).isEqualTo(BlockRequestStatus.PROGRESSING);

        namespaces.observed(active("a", 1_002).build(), 5);
        untilQuiet();

        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
    }

    @Test
    void anActiveRequestActsOnceInADryRunToo() throws Exception {
        server.dryRun = true;
        start(RequestBuilder.active("r", "a"), active("a", 5));

        untilQuiet();

        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isTrue();
    }

    @Test
    void anActiveRequestIsCarriedOutOnceItsStatusIsWritten() throws Exception {
        start(RequestBuilder.active("r", "a"), locked("a", 5));
        untilQuiet();
        assertThat(reason()).isEqualTo(BlockRequestStatus.PROGRESSING);
        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isFalse();

        namespaces.observed(active("a", 1_001).build(), 5);
        untilQuiet();

        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isTrue();
    }

    @Test
    void anActiveRequestWhoseLastStatusIsRefusedIsNotCarriedOut() throws Exception {
        start(RequestBuilder.active("r", "a"), active("a", 5));
        server.refuse(500, "InternalError");

        assertThat(process()).isEqualTo(Outcome.failed());
        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isFalse();

        untilQuiet();
        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isTrue();
    }

    /** Else it would open the namespace again after a restart. */
    @Test
    void whatIsLockedAfterAnActiveRequestWasCarriedOutDoesNotTakeItUpAgain() throws Exception {
        start(RequestBuilder.active("r", "a"), active("a", 5));
        untilQuiet();

        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        namespaces.changed(locked("a", 1_001).applied("locking").build());
        untilQuiet();

        assertThat(requests.get(KEY).orElseThrow().carriedOut()).isTrue();
        assertThat(reason()).isNotEqualTo(BlockRequestStatus.PROGRESSING);
        assertThat(server.view().wasCarriedOut()).isTrue();
    }

    // Refusals.

    @Test
    void aConflictHasTheRequestReadAgain() throws Exception {
        start(unfinished("a"), held("a"));
        server.change(request -> request.because("why", null));

        assertThat(process()).isEqualTo(Outcome.failed());
        assertThat(requests.get(KEY).orElseThrow().view().spec().reason()).isEqualTo("why");

        untilQuiet();
        assertThat(server.view().finalizers()).contains(Names.FINALIZER);
    }

    @Test
    void aRequestThatWasDeletedMeanwhileIsForgotten() throws Exception {
        start(unfinished("a"), held("a"));
        server.refuse(409, "Conflict");
        BlockRequestView before = server.view();
        server.stored = null;

        process();
        assertThat(requests.get(KEY)).isEmpty();

        server.stored = before;
        assertThat(process()).isEqualTo(Outcome.done());
    }

    @Test
    void theStatusOfAnotherRequestUnderTheSameNameIsNotWritten() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        server.change(request -> request.uid("another"));

        assertThat(process()).isEqualTo(Outcome.failed());
        assertThat(server.status()).isEqualTo(BlockRequestStatus.NONE);
    }

    @Test
    void aRequestThatIsNotFoundIsLeftToTheFeed() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        server.refuse(404, "NotFound");

        assertThat(process()).isEqualTo(Outcome.done());
    }

    @Test
    void otherFailuresAreTriedAgainAndAServerThatAsksToWaitIsWaitedFor() throws Exception {
        start(RequestBuilder.locked("r", "a"), held("a"));
        server.refuse(403, "Forbidden");
        assertThat(process()).isEqualTo(Outcome.failed());

        server.refusals.add(new ApiException("request", 503, "", "later", Duration.ofSeconds(3)));
        assertThat(process()).isEqualTo(Outcome.again(Duration.ofSeconds(3), Priority.RETRY));
        assertThat(server.takeCalls()).as("and nothing else asked").containsExactly("status 1", "status 1");

        untilQuiet();
        assertThat(reason()).isEqualTo(BlockRequestStatus.APPLIED);
    }

    @Test
    void aDryRunDoesNotGoRound() throws Exception {
        server.dryRun = true;
        start(unfinished("a"), view("a", 5));

        assertThat(untilQuiet()).isEqualTo(1);
        assertThat(server.status()).isEqualTo(BlockRequestStatus.NONE);
    }

    @Test
    void aThousandSingleNamespacesAtMost() throws Exception {
        String[] names = IntStream.range(0, 1_500).mapToObj(i -> "n" + i).toArray(String[]::new);
        start(RequestBuilder.locked("r", names));

        untilQuiet();

        assertThat(server.status().targetCount()).isEqualTo(1_500);
        assertThat(server.status().namespaceStatuses()).hasSize(1_000);
    }
}
