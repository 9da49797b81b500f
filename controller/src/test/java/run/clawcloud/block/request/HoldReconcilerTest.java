package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.request.NamespaceServer.refusal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.FlowMonitor;
import run.clawcloud.block.namespace.FlowSettings;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.Hold;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Target;
import run.clawcloud.block.state.TargetPhase;
import run.clawcloud.block.time.SetClock;

/** What is asked of the server to make a namespace what its requests want, and what becomes of a refusal. */
class HoldReconcilerTest {

    private final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    private final NamespaceServer server = new NamespaceServer();
    private final List<String> events = new ArrayList<>();
    /** What who measures hears. */
    private final List<String> measured = new ArrayList<>();

    private final AtomicLong nanoTime = new AtomicLong(100);
    private final Requests requests = new Requests(
            new RequestListener() {
                @Override
                public void changed(String key) {}

                @Override
                public void selectors(Selectors selectors, boolean added) {}
            },
            RequestBuilder.A_WEEK,
            RequestNamespaces.ALL);
    private final Namespaces namespaces = new Namespaces(
            new ChangeListener() {
                @Override
                public void needed(String namespace, Cause cause) {}

                @Override
                public void notice(String namespace, Notice notice, Deadline deadline) {}
            },
            clock,
            requests,
            Set.of("shielded"));
    private final HoldReconciler reconciler = new HoldReconciler(
            server,
            namespaces,
            new Events() {
                @Override
                public void normal(Regarding regarding, String reason, String note) {
                    events.add("Normal " + regarding.name() + " " + reason + ": " + note);
                }

                @Override
                public void warning(Regarding regarding, String reason, String note) {
                    events.add("Warning " + regarding.name() + " " + reason + ": " + note);
                }
            },
            new FlowSettings(
                    new LockLength.Of(Duration.ofDays(7)),
                    LockQuota.of(false),
                    Set.of("shielded"),
                    ExpirationAction.DELETE,
                    Duration.ZERO),
            new FlowMonitor() {
                @Override
                public void ended(Flow flow, String name, String result, Duration took) {
                    measured.add("%s %s %s %d ns".formatted(flow, name, result, took.toNanos()));
                }

                @Override
                public void failed(ApiException failure) {
                    measured.add("refused with " + failure.code());
                }
            },
            clock,
            nanoTime::get);

    @BeforeEach
    void join() {
        requests.join(namespaces);
    }

    private void start(RequestBuilder... known) {
        requests.listBegins();
        for (RequestBuilder each : known) {
            requests.listed(each.view());
        }
        requests.listEnds();
        namespaces.listBegins(true);
        server.all().forEach(each -> namespaces.listed(each.view(Selectors.NONE)));
        namespaces.listEnds(server.version());
    }

    private boolean unsettled(String namespace) {
        return namespaces.hold(namespace).map(Hold::unsettled).orElse(false);
    }

    private Target target() {
        int number = requests.get("ops/r").orElseThrow().number();
        return namespaces.firstTargets(number, true, 1).getFirst();
    }

    @Test
    void aLockThatFailsIsToldOfStillWhenTheLabelIsWrittenAnew() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        reconciler.process("a");
        namespaces.failed("a", "no quota may be made");
        requests.changed(
                RequestBuilder.locked("r", "a").because("unpaid", "24h").view());
        assertThat(unsettled("a")).isTrue();

        reconciler.process("a");

        assertThat(unsettled("a")).isFalse();
        assertThat(target()).isEqualTo(new Target("a", TargetPhase.FAILED, "no quota may be made"));
        namespaces.worked("a");
        assertThat(target().phase()).isEqualTo(TargetPhase.LOCKING);
    }

    @Test
    void oneReadAndOneWriteLabelANamespaceAndSayWhoHoldsIt() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a").because("unpaid", "24h"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).containsExactly("get a", "patch a");
        assertThat(server.stored("a").labels()).isEqualTo(Map.of(Names.STATUS_LABEL, "locked"));
        assertThat(server.stored("a").annotations())
                .isEqualTo(Map.of(
                        Names.HELD_BY,
                        "ops/r",
                        Names.LOCK_REASON,
                        "unpaid",
                        Names.ORIGINAL_LOCK_REASON,
                        "",
                        Names.LOCK_DURATION,
                        "24h",
                        Names.ORIGINAL_LOCK_DURATION,
                        ""));
        assertThat(unsettled("a")).isFalse();
        assertThat(target().phase()).isEqualTo(TargetPhase.LOCKING);
    }

    @Test
    void asksForNothingWhereNothingIsToBeDone() throws Exception {
        server.create("a", Map.of(Names.STATUS_LABEL, "locked"));
        server.annotate("a", Names.HELD_BY, "ops/r");
        start(RequestBuilder.locked("r", "a"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());
        assertThat(reconciler.process("unknown")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).isEmpty();
    }

    @Test
    void whatHasBeenDoneMeanwhileIsNotWritten() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.label("a", Names.STATUS_LABEL, "locked");
        server.annotate("a", Names.HELD_BY, "ops/r");

        reconciler.process("a");

        assertThat(server.takeCalls()).containsExactly("get a");
        assertThat(unsettled("a")).isFalse();
    }

    @Test
    void aConflictHasItReadAgain() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a").because("unpaid", null));
        server.once("patch", () -> server.annotate("a", Names.LOCK_REASON, "theirs"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).containsExactly("get a", "patch a", "get a", "patch a");
        assertThat(server.view("a").originalLockReason()).isEqualTo("theirs");
        assertThat(server.view("a").lockReason()).isEqualTo("unpaid");
    }

    @Test
    void aNamespaceThatIsWrittenAllTheTimeIsLeftToTheBackoff() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        for (int i = 0; i < 5; i++) {
            String value = "v" + i;
            server.once("patch", () -> server.label("a", "team", value));
        }

        assertThat(reconciler.process("a")).isEqualTo(Outcome.failed());
        assertThat(target().phase()).isEqualTo(TargetPhase.FAILED);

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());
        assertThat(target().phase()).isEqualTo(TargetPhase.LOCKING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "patch"})
    void aNamespaceThatIsGoneIsMissing(String call) throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once(call, () -> server.remove("a"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(target()).isEqualTo(new Target("a", TargetPhase.FAILED, "does not exist"));
        assertThat(server.takeCalls()).hasSizeLessThanOrEqualTo(2);
    }

    /** What was heard since the question is younger than the answer. */
    @Test
    void aNamespaceThatIsMadeAnewMeanwhileIsNotMissing() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once("get", () -> {
            server.remove("a");
            namespaces.changed(server.create("a", Map.of()).view(Selectors.NONE));
            server.remove("a");
        });

        reconciler.process("a");

        assertThat(target().phase()).isEqualTo(TargetPhase.PENDING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "patch"})
    void aFailureIsToldAndTriedAgain(String call) throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once(call, refusal(403, "Forbidden"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.failed());
        assertThat(target().phase()).isEqualTo(TargetPhase.FAILED);
        assertThat(target().message()).contains("403", "scripted");
        assertThat(unsettled("a")).isTrue();

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());
        assertThat(target()).isEqualTo(new Target("a", TargetPhase.LOCKING, ""));
    }

    @Test
    void aServerThatAsksToWaitIsWaitedFor() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once("patch", () -> {
            throw new ApiException("request", 429, "TooManyRequests", "later", Duration.ofSeconds(7));
        });

        assertThat(reconciler.process("a")).isEqualTo(Outcome.again(Duration.ofSeconds(7), Priority.RETRY));
    }

    @Test
    void whoMeasuresHearsHowEachTryEndsAndHowLongItTook() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once("get", () -> nanoTime.addAndGet(7));
        server.once("patch", refusal(403, "Forbidden"));

        reconciler.process("a");
        reconciler.process("a");

        assertThat(measured).containsExactly("refused with 403", "HOLD a failed 7 ns", "HOLD a done 0 ns");
    }

    @Test
    void aDryRunWritesNothingAndDoesNotGoRound() throws Exception {
        server.create("a", Map.of());
        server.writeNothing();
        start(RequestBuilder.locked("r", "a"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).containsExactly("get a", "patch a");
        assertThat(server.stored("a").labels()).isEmpty();
        assertThat(target().phase()).isEqualTo(TargetPhase.PENDING);
    }

    @Test
    void aProtectedNamespaceIsRefusedWithAnEvent() throws Exception {
        server.create("shielded", Map.of());
        start(RequestBuilder.locked("r", "shielded"));

        assertThat(reconciler.process("shielded")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).isEmpty();
        assertThat(events)
                .singleElement()
                .asString()
                .startsWith("Warning shielded LockRefused: ")
                .contains("ops/r");
        assertThat(target()).isEqualTo(new Target("shielded", TargetPhase.FAILED, "is protected"));
    }

    /** Protection came after the lock. */
    @Test
    void aProtectedNamespaceThatWasHeldBeforeIsReleasedWithItsRequest() throws Exception {
        server.create("shielded", Map.of(Names.STATUS_LABEL, "locked"));
        server.annotate("shielded", Names.HELD_BY, "ops/r");
        start();

        reconciler.process("shielded");

        assertThat(server.view("shielded").status()).isEqualTo("active");
        assertThat(server.view("shielded").heldBy()).isNull();
    }

    @Test
    void aNamespaceWhoseDeletionHasBegunIsLeftAlone() throws Exception {
        server.create("a", Map.of());
        start(RequestBuilder.locked("r", "a"));
        server.once("get", () -> server.terminate("a"));

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).containsExactly("get a");
        assertThat(unsettled("a")).isFalse();
    }

    /** Nobody knows yet whether the request that holds it stands. */
    @Test
    void aHeldNamespaceIsLeftAloneUntilAllRequestsAreKnown() throws Exception {
        server.create("a", Map.of(Names.STATUS_LABEL, "locked"));
        server.annotate("a", Names.HELD_BY, "ops/r");
        namespaces.listBegins(false);
        namespaces.listed(server.view("a"));
        namespaces.listEnds(server.version());

        assertThat(reconciler.process("a")).isEqualTo(Outcome.done());

        assertThat(server.takeCalls()).isEmpty();
        assertThat(server.view("a").status()).isEqualTo("locked");
    }

    @Test
    void aWishThatChangesMeanwhileIsTheOneThatIsWritten() throws Exception {
        server.create("a", Map.of());
        RequestBuilder request = RequestBuilder.locked("r", "a");
        start(request);
        server.once("get", () -> requests.changed(request.because("later", null).view()));

        reconciler.process("a");

        assertThat(server.view("a").lockReason()).isEqualTo("later");
        assertThat(unsettled("a")).isFalse();
    }
}
