package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.namespace.MemoryCluster.refusal;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.Need;

/** The end of a lock: deletion, the most dangerous thing that is done, and everything that must prevent it. */
class ExpireFlowTest {

    private static final Outcome DONE = Outcome.done();
    private static final String END = "2030-01-08T00:00:00Z";

    @Test
    void deletesWhatHasRunOut() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).containsExactly("get namespace", "delete namespace");
        assertThat(flows.cluster.view().terminating()).isTrue();
        assertThat(flows.ended).containsExactly("deleted", "EXPIRE done");
    }

    /**
     * Everything that may have happened since the state was told, and each of it wins: also a BlockRequest that was
     * deleted, whose namespace has yet to be released.
     */
    static Stream<UnaryOperator<ViewBuilder>> reprieves() {
        return Stream.of(
                each -> each.status("active"),
                each -> each.status(null),
                each -> each.status("frozen"),
                each -> each.until("2030-01-20T00:00:01Z"),
                each -> each.until(null),
                each -> each.until("soon"),
                each -> each.until("0001-01-01T00:00:00Z"),
                each -> each.heldBy("team/gone"),
                ViewBuilder::terminating);
    }

    @ParameterizedTest
    @MethodSource("reprieves")
    void aChangeBeforeTheCheckWins(UnaryOperator<ViewBuilder> reprieve) throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);
        flows.cluster.change(reprieve);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).containsExactly("get namespace");
        assertThat(flows.ended).containsExactly("EXPIRE void");
        assertThat(flows.need()).isNotEqualTo(Need.EXPIRE);
    }

    @ParameterizedTest
    @MethodSource("reprieves")
    void aChangeBetweenTheCheckAndTheDeletionWins(UnaryOperator<ViewBuilder> reprieve) throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);
        flows.cluster.once("delete namespace", () -> flows.cluster.change(reprieve));
        boolean wasTerminating = reprieve.apply(done("x", 1)).build().terminating();

        assertThat(flows.process()).isInstanceOf(Outcome.Again.class);

        assertThat(flows.cluster.view().terminating()).isEqualTo(wasTerminating);
        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.calls())
                .filteredOn(call -> call.equals("delete namespace"))
                .hasSize(1);
    }

    @Test
    void aChangeThatMattersNotDelaysTheDeletionByOneMoreLook() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);
        flows.cluster.once("delete namespace", () -> flows.cluster.change(each -> each.length("1h")));

        assertThat(flows.process()).isEqualTo(Outcome.again(Duration.ofSeconds(1), Priority.RETRY));
        assertThat(flows.cluster.view().terminating()).isFalse();

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.view().terminating()).isTrue();
    }

    @Test
    void aNamespaceThatIsGoneIsForgotten() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);
        flows.cluster.vanish();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).containsExactly("get namespace");
        assertThat(flows.namespaces.get("tenant")).isEmpty();
    }

    /** The clock was ahead when the lock was found to be due, and has been put right since. */
    @Test
    void aClockThatIsPutRightSavesTheNamespaceUntilItsTime() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 60);
        flows.clock.set("2030-01-02T00:00:00Z");

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.view().terminating()).isFalse();
        assertThat(flows.need()).isEqualTo(Need.NOTHING);

        flows.clock.set(END);
        flows.namespaces.tick(Duration.ZERO);
        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.view().terminating()).isTrue();
    }

    @Test
    void theGracePeriodIsCheckedAgainBeforeTheDeletion() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ofDays(2), 60);
        flows.clock.set("2030-01-09T23:59:59Z");

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.view().terminating()).isFalse();

        flows.clock.set("2030-01-10T00:00:00Z");
        flows.namespaces.tick(Duration.ofDays(2));
        flows.process();
        assertThat(flows.cluster.view().terminating()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "shielded"})
    void aProtectedNamespaceIsNeverDeleted(String name) throws Exception {
        for (ExpirationAction action : ExpirationAction.values()) {
            FlowHarness flows =
                    new FlowHarness(done(name, 5).until(END), FlowHarness.A_WEEK, action, Duration.ZERO, 60);
            flows.clock.set("2031-01-01T00:00:00Z");
            flows.namespaces.tick(Duration.ZERO);

            assertThat(flows.process()).isEqualTo(DONE);
            assertThat(flows.cluster.calls()).isEmpty();
        }
    }

    @Test
    void noMoreAreDeletedInAMinuteThanAllowed() throws Exception {
        FlowHarness flows = due(ExpirationAction.DELETE, Duration.ZERO, 1);
        flows.cluster.once("delete namespace", refusal(500, "InternalError"));
        assertThat(flows.process()).as("it took the only permit").isEqualTo(Outcome.failed());

        flows.nanoTime.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(flows.process()).isEqualTo(Outcome.again(Duration.ofSeconds(40), Priority.RETRY));
        assertThat(flows.cluster.view().terminating()).isFalse();

        flows.nanoTime.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.cluster.view().terminating()).isTrue();
        assertThat(flows.ended).containsExactly("EXPIRE failed", "EXPIRE again", "deleted", "EXPIRE done");
    }

    @Test
    void unlockSetsTheNamespaceActiveAndDeletesNothing() throws Exception {
        FlowHarness flows = due(ExpirationAction.UNLOCK, Duration.ZERO, 60);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls())
                .containsExactly("get namespace", "patch namespace {clawcloud.run/status=active} {}");
        assertThat(flows.ended).containsExactly("EXPIRE done");
        assertThat(flows.need()).isEqualTo(Need.UNLOCK);
        assertThat(flows.needed).contains("tenant");
    }

    @ParameterizedTest
    @MethodSource("reprieves")
    void aChangeBeforeTheUnlockWinsToo(UnaryOperator<ViewBuilder> reprieve) throws Exception {
        FlowHarness flows = due(ExpirationAction.UNLOCK, Duration.ZERO, 60);
        flows.cluster.change(reprieve);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).containsExactly("get namespace");
    }

    @ParameterizedTest
    @MethodSource("reprieves")
    void aChangeBetweenTheCheckAndTheUnlockWinsToo(UnaryOperator<ViewBuilder> reprieve) throws Exception {
        FlowHarness flows = due(ExpirationAction.UNLOCK, Duration.ZERO, 60);
        flows.cluster.once("patch namespace", () -> flows.cluster.change(reprieve));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).hasSize(3).endsWith("get namespace");
        assertThat(flows.ended).containsExactly("EXPIRE void");
    }

    @Test
    void aNamespaceThatARequestHoldsStaysLockedPastItsEndAndThatIsToldOnce() throws Exception {
        FlowHarness flows = new FlowHarness(
                done("tenant", 5).until(END), FlowHarness.A_WEEK, ExpirationAction.UNLOCK, Duration.ZERO, 60);
        flows.hold();
        flows.clock.set("2030-01-20T00:00:00Z");
        flows.namespaces.tick(Duration.ZERO);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.view().status()).isEqualTo("locked");
        assertThat(flows.events.take())
                .singleElement()
                .asString()
                .startsWith("Warning Namespace tenant/tenant LockIsHeld: ");
        assertThat(flows.ended).containsExactly("EXPIRE void");
        flows.needed.clear();
        flows.namespaces.tick(Duration.ZERO);
        assertThat(flows.needed).isEmpty();
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
    }

    @Test
    void noneDoesNothing() throws Exception {
        FlowHarness flows = due(ExpirationAction.NONE, Duration.ZERO, 60);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.calls()).isEmpty();
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndDoesNotDoItAgainAndAgain() throws Exception {
        FlowHarness flows = due(ExpirationAction.UNLOCK, Duration.ZERO, 60);
        flows.cluster.writeNothing();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.cluster.view().status()).isEqualTo("locked");
    }

    /** A harness in which the state has found that the lock of the namespace has run out. */
    private static FlowHarness due(ExpirationAction action, Duration grace, int maxDeletionsPerMinute) {
        FlowHarness flows =
                new FlowHarness(done("tenant", 5).until(END), FlowHarness.A_WEEK, action, grace, maxDeletionsPerMinute);
        flows.clock.set("2030-01-20T00:00:00Z");
        flows.namespaces.tick(grace);
        assertThat(flows.need()).isEqualTo(Need.EXPIRE);
        flows.needed.clear();
        return flows;
    }
}
