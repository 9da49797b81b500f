package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.active;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.view;
import static run.clawcloud.block.namespace.MemoryCluster.refusal;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.queue.Priority;
import run.clawcloud.block.state.Need;

/** An unlock, what it does in which order, and what becomes of it when something goes wrong in the middle. */
class UnlockFlowTest {

    private static final Outcome DONE = Outcome.done();
    private static final Outcome FAILED = Outcome.failed();
    private static final String UNTIL = "2030-01-08T00:00:00Z";

    private final FlowHarness flows =
            new FlowHarness(active("tenant", 5).applied("locked").until(UNTIL));
    private final MemoryCluster cluster = flows.cluster;

    @Test
    void takesTheMarkBackFirstThenTheQuotaAndAllMarksLast() throws Exception {
        populate();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls().subList(0, 2))
                .containsExactly("patch namespace {core.clawcloud.run/applied=locking} {}", "delete quota");
        assertThat(cluster.calls().getLast())
                .isEqualTo("patch namespace {core.clawcloud.run/applied=null}"
                        + " {clawcloud.run/unlock-timestamp=null, core.clawcloud.run/locked-at=null}");
        assertThat(cluster.view().applied()).isNull();
        assertThat(cluster.view().unlockTimestamp()).isNull();
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
        assertThat(flows.ended).containsExactly("UNLOCK done");
    }

    /** Of the lock that is through nothing has been heard yet; locked again, the namespace must not count as locked. */
    @Test
    void takesBackAMarkThatOnlyALookShows() throws Exception {
        FlowHarness late =
                new FlowHarness(active("tenant", 5).applied("locking").until(UNTIL));
        late.cluster.change(each -> each.applied("locked"));

        assertThat(late.process()).isEqualTo(DONE);

        assertThat(late.cluster.calls().subList(0, 3))
                .containsExactly(
                        "get namespace", "patch namespace {core.clawcloud.run/applied=locking} {}", "delete quota");
        assertThat(late.cluster.view().applied()).isNull();
    }

    @Test
    void restoresWhatWasNotedAndSaysSo() throws Exception {
        populate();

        flows.process();

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "theirs")).isEqualTo("8 null");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "idle")).isEqualTo("0 null");
        assertThat(cluster.standing(WorkloadKind.REPLICA_SET, "of-web")).isEqualTo("0 null");
        assertThat(cluster.standing(WorkloadKind.CRON_JOB, "nightly")).isEqualTo("false null");
        assertThat(cluster.standing(WorkloadKind.JOB, "paused")).isEqualTo("true null");
        assertThat(flows.events.take())
                .containsExactly("Normal Namespace tenant/tenant Unlocked: Unlocked: 5 workloads restored.");
    }

    /** The Deployment controller would copy the note once more. */
    @Test
    void takesACopyAwayOnlyAfterTheDeploymentsOwnNote() throws Exception {
        populate();
        cluster.once("list DEPLOYMENT", MemoryCluster.late(Thread.currentThread()));

        flows.process();

        assertThat(cluster.calls()).containsSubsequence("write DEPLOYMENT web", "list REPLICA_SET");
    }

    /** The bound that the project holds itself to: 9 requests and one for each object to change. */
    @Test
    void asksForNoMoreThanItMust() throws Exception {
        populate();

        flows.process();

        assertThat(cluster.calls()).hasSize(9 + 5);
    }

    @ParameterizedTest
    @CsvSource({"active, locking, ", "active, , 2030-01-08T00:00:00Z", ", locked, ", "active, rubbish, soon"})
    void undoesWhateverWasBegun(@Nullable String status, @Nullable String applied, @Nullable String until)
            throws Exception {
        FlowHarness begun = new FlowHarness(
                view("tenant", 5).status(status).applied(applied).until(until));
        begun.cluster.put(WorkloadKind.DEPLOYMENT, "web", 0, false, "3");

        assertThat(begun.process()).isEqualTo(DONE);

        assertThat(begun.cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(begun.cluster.view().applied()).isNull();
        assertThat(begun.cluster.view().unlockTimestamp()).isNull();
    }

    @Test
    void aNoteThatIsNoNumberIsWarnedOfAndHoldsNothingElseUp() throws Exception {
        populate();
        cluster.put(WorkloadKind.STATEFUL_SET, "odd", 0, false, "three");

        assertThat(flows.process()).isEqualTo(DONE);

        List<String> told = flows.events.take();
        assertThat(told.getFirst())
                .startsWith("Warning StatefulSet tenant/odd NoteUnreadable: ")
                .contains("core.clawcloud.run/original-replicas", "'three'");
        assertThat(told.getLast()).endsWith("Unlocked: 5 workloads restored.");
        assertThat(cluster.standing(WorkloadKind.STATEFUL_SET, "odd")).isEqualTo("0 three");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(cluster.view().applied()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list DEPLOYMENT",
                "list STATEFUL_SET",
                "list REPLICA_SET",
                "list REPLICATION_CONTROLLER",
                "list CRON_JOB",
                "list JOB",
                "write DEPLOYMENT web",
                "write REPLICA_SET of-web",
                "write JOB paused"
            })
    void aStepThatFailsStopsNoOtherAndTheUnlockIsNotDone(String step) throws Exception {
        populate();
        cluster.once(step, refusal(500, "InternalError"));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.standing(WorkloadKind.CRON_JOB, "nightly"))
                .isEqualTo(step.equals("list CRON_JOB") ? "true false" : "false null");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "theirs"))
                .isEqualTo(step.equals("list DEPLOYMENT") ? "8 3" : "8 null");
        assertThat(cluster.view().applied()).isEqualTo("locking");
        assertThat(flows.need()).isEqualTo(Need.UNLOCK);

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(cluster.standing(WorkloadKind.REPLICA_SET, "of-web")).isEqualTo("0 null");
        assertThat(cluster.standing(WorkloadKind.JOB, "paused")).isEqualTo("true null");
        assertThat(cluster.view().applied()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list REPLICA_SET", "write REPLICA_SET of-web"})
    void aStepIsWaitedForHoweverLateItFails(String step) throws Exception {
        populate();
        cluster.once(step, MemoryCluster.lateRefusal(Thread.currentThread()));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.view().applied()).isEqualTo("locking");
    }

    @Test
    void nothingIsRestoredWhileTheQuotaStandsInTheWay() throws Exception {
        populate();
        cluster.once("delete quota", refusal(500, "InternalError"));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.calls()).noneMatch(call -> call.startsWith("write"));
        assertThat(cluster.view().applied()).isEqualTo("locking");
    }

    @Test
    void waitsForADeploymentControllerThatLagsBehindButNotForEver() throws Exception {
        cluster.put(
                new Workload(WorkloadKind.DEPLOYMENT, "tenant", "web", "u", "0", 0, false, "3", false, false, true));

        for (int i = 0; i < 10; i++) {
            assertThat(flows.process()).isEqualTo(Outcome.again(Duration.ofSeconds(1), Priority.RETRY));
            assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
            assertThat(cluster.view().applied()).isEqualTo("locking");
        }
        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(cluster.view().applied()).isNull();
    }

    @Test
    void waitsNoLongerThanTheDeploymentControllerNeeds() throws Exception {
        cluster.put(
                new Workload(WorkloadKind.DEPLOYMENT, "tenant", "web", "u", "0", 0, false, "3", false, false, true));
        assertThat(flows.process()).isInstanceOf(Outcome.Again.class);

        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.put(new Workload(
                WorkloadKind.REPLICA_SET, "tenant", "of-web", "u", "0", 3, false, "3", false, true, false));

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(cluster.standing(WorkloadKind.REPLICA_SET, "of-web")).isEqualTo("3 null");
        assertThat(flows.ended).containsExactly("UNLOCK again", "UNLOCK done");
    }

    @Test
    void aNamespaceThatIsLockedAgainMeanwhileIsNotOpened() throws Exception {
        populate();
        cluster.change(each -> each.status("locked"));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls())
                .as("a write that does not hold, and a look")
                .containsExactly("patch namespace {core.clawcloud.run/applied=locking} {}", "get namespace");
        assertThat(cluster.view().applied()).isEqualTo("locked");
        assertThat(flows.ended).containsExactly("UNLOCK void");
    }

    /** The crash, or the change of mind, is between the first write and the last. */
    @Test
    void aNamespaceThatIsLockedAgainBeforeItsUnlockIsThroughDoesNotCountAsLocked() throws Exception {
        populate();
        cluster.once("write JOB paused", refusal(500, "InternalError"));
        assertThat(flows.process()).isEqualTo(FAILED);
        cluster.change(each -> each.status("locked"));
        flows.namespaces.changed(cluster.view());

        assertThat(flows.need()).isEqualTo(Need.LOCK);
    }

    @Test
    void aFinishedLockWhoseNamespaceIsGoneCostsOneRequest() throws Exception {
        FlowHarness gone = new FlowHarness(done("tenant", 5));
        gone.namespaces.deleted(done("tenant", 6).build());
        gone.cluster.vanish();

        assertThat(gone.process()).isEqualTo(DONE);

        assertThat(gone.cluster.calls()).hasSize(1);
        assertThat(gone.namespaces.get("tenant")).isEmpty();
    }

    @Test
    void aFinishedLockThatLosesItsLabelIsUndone() throws Exception {
        FlowHarness unlabelled = new FlowHarness(done("tenant", 5));
        unlabelled.cluster.put(WorkloadKind.DEPLOYMENT, "web", 0, false, "3");
        unlabelled.cluster.change(each -> each.status(null));
        unlabelled.namespaces.deleted(done("tenant", 6).build());

        assertThat(unlabelled.process()).isEqualTo(DONE);

        assertThat(unlabelled.cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(unlabelled.cluster.view().applied()).isNull();
        assertThat(unlabelled.namespaces.get("tenant")).isEmpty();
    }

    @Test
    void aNamespaceThatIsLockedAgainInTheMiddleKeepsItsMarks() throws Exception {
        populate();
        cluster.once(
                "list REPLICA_SET",
                () -> cluster.change(each -> each.status("locked").applied("locking")));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.view().applied()).isEqualTo("locking");
        assertThat(cluster.view().unlockTimestamp()).isEqualTo(UNTIL);
        assertThat(flows.need()).isEqualTo(Need.LOCK);
        assertThat(flows.needed).containsExactly("tenant");
        assertThat(flows.ended).containsExactly("UNLOCK void");
    }

    @Test
    void aNamespaceWhoseDeletionHasBegunIsLeftAlone() throws Exception {
        populate();
        cluster.change(ViewBuilder::terminating);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls())
                .as("a write that does not hold, and a look")
                .containsExactly("patch namespace {core.clawcloud.run/applied=locking} {}", "get namespace");
    }

    @Test
    void fiveConflictsAreLeftToTheBackoff() throws Exception {
        cluster.always("patch namespace", () -> cluster.change(each -> each));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.calls()).filteredOn(call -> call.startsWith("patch")).hasSize(5);
        assertThat(flows.need()).isEqualTo(Need.UNLOCK);
    }

    @Test
    void whatSomebodySetsMeanwhileIsKept() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 0, false, "3");
        cluster.once("write DEPLOYMENT", () -> cluster.put(WorkloadKind.DEPLOYMENT, "web", 6, false, "3"));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("6 null");
    }

    private void populate() {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 0, false, "3");
        cluster.put(WorkloadKind.DEPLOYMENT, "theirs", 8, false, "3");
        cluster.put(WorkloadKind.DEPLOYMENT, "idle", 0, false, null);
        cluster.put(WorkloadKind.CRON_JOB, "nightly", 1, true, "false");
        cluster.put(WorkloadKind.JOB, "paused", 1, true, "true");
        List.of(new Workload(WorkloadKind.REPLICA_SET, "tenant", "of-web", "u", "0", 0, false, "3", false, true, false))
                .forEach(cluster::put);
    }
}
