package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;
import static run.clawcloud.block.namespace.MemoryCluster.refusal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.queue.Outcome;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.LockQuota;
import run.clawcloud.block.state.NameList;
import run.clawcloud.block.state.Need;
import run.clawcloud.block.state.TargetPhase;

/** A lock, what it does in which order, and what becomes of it when something goes wrong in the middle. */
class LockFlowTest {

    private static final Outcome DONE = Outcome.done();
    private static final Outcome FAILED = Outcome.failed();

    private final FlowHarness flows = new FlowHarness(locked("tenant", 5));
    private final MemoryCluster cluster = flows.cluster;

    @Test
    void writesDownFirstWhatItBeginsAndLastWhatItHasDone() throws Exception {
        populate();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls().getFirst())
                .isEqualTo("patch namespace {core.clawcloud.run/applied=locking}"
                        + " {core.clawcloud.run/locked-at=2030-01-01T00:00:00Z,"
                        + " clawcloud.run/unlock-timestamp=2030-01-08T00:00:00Z}");
        assertThat(cluster.calls().get(1)).isEqualTo("create quota");
        assertThat(cluster.calls().getLast()).isEqualTo("patch namespace {core.clawcloud.run/applied=locked} {}");
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
        assertThat(flows.needed).isEmpty();
        assertThat(flows.ended).containsExactly("LOCK done");
    }

    @Test
    void takesEverythingDownAndSaysSo() throws Exception {
        populate();

        flows.process();

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 3");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "idle")).isEqualTo("0 null");
        assertThat(cluster.standing(WorkloadKind.STATEFUL_SET, "db")).isEqualTo("0 2");
        assertThat(cluster.standing(WorkloadKind.REPLICA_SET, "bare")).isEqualTo("0 1");
        assertThat(cluster.standing(WorkloadKind.REPLICA_SET, "of-web")).isEqualTo("3 null");
        assertThat(cluster.standing(WorkloadKind.REPLICATION_CONTROLLER, "old")).isEqualTo("0 1");
        assertThat(cluster.standing(WorkloadKind.CRON_JOB, "nightly")).isEqualTo("true false");
        assertThat(cluster.standing(WorkloadKind.JOB, "import")).isEqualTo("true false");
        assertThat(cluster.pods()).containsExactly("of-web-1");
        assertThat(flows.events.take())
                .containsExactly("Normal Namespace tenant/tenant Locked: Locked until 2030-01-08T00:00:00Z:"
                        + " 4 workloads scaled to 0, 2 suspended, 1 pods deleted.");
    }

    @Test
    void saysWhyWhereTheNamespaceDoes() throws Exception {
        FlowHarness unpaid = new FlowHarness(locked("tenant", 5).reason("unpaid"));

        unpaid.process();

        assertThat(unpaid.events.take()).singleElement().asString().endsWith(" Reason: unpaid");
    }

    /** What slipped in before the quota held is found when nothing makes pods any more. */
    @Test
    void looksForPodsWhenAllWorkloadsAreDown() throws Exception {
        populate();
        cluster.once("list DEPLOYMENT", MemoryCluster.late(Thread.currentThread()));

        flows.process();

        List<String> calls = cluster.calls();
        assertThat(calls.subList(calls.indexOf("list pods"), calls.size()))
                .noneMatch(call -> call.startsWith("write ") || (call.startsWith("list ") && !call.equals("list pods")))
                .contains("delete pod lonely");
    }

    /** Until its quota stands, its pods could start: so workloads are looked for after that, and not beside it. */
    @Test
    void takesDownWhatIsScaledUpUntilTheQuotaStands() throws Exception {
        populate();
        cluster.once("create quota", () -> cluster.put(WorkloadKind.DEPLOYMENT, "idle", 5, false, null));

        flows.process();

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "idle")).isEqualTo("0 5");
    }

    /** The bound that the project holds itself to: 10 requests and one for each object to change. */
    @Test
    void asksForNoMoreThanItMust() throws Exception {
        populate();

        flows.process();

        assertThat(cluster.calls()).hasSize(10 + 7);
    }

    @Test
    void alreadyLockedCostsNothing() throws Exception {
        FlowHarness locked = new FlowHarness(done("tenant", 5).until("2030-01-08T00:00:00Z"));

        assertThat(locked.process()).isEqualTo(DONE);

        assertThat(locked.cluster.calls()).isEmpty();
        assertThat(locked.events.take()).isEmpty();
    }

    /**
     * A list from a cache can be old: the namespace may have been unlocked since, and nothing would undo a lock then.
     */
    @Test
    void doesNotGoOnWithALockOnAStaleWord() throws Exception {
        FlowHarness stale =
                new FlowHarness(locked("tenant", 5).applied("locking").until("2030-01-03T00:00:00Z"));
        stale.cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        stale.cluster.change(each -> each.status("active").applied(null).until(null));

        assertThat(stale.process()).isEqualTo(DONE);

        assertThat(stale.cluster.calls()).containsExactly("get namespace");
        assertThat(stale.cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
    }

    /** What was read and held against selectors that have changed since is not noted: it confirms nothing, either. */
    @Test
    void looksAgainWhenTheSelectorsChangeMeanwhile() throws Exception {
        FlowHarness stale =
                new FlowHarness(locked("tenant", 5).applied("locking").until("2030-01-03T00:00:00Z"));
        stale.cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        stale.cluster.change(each -> each.status("active").applied(null).until(null));
        stale.cluster.once("get namespace", () -> {
            stale.edition.set(1);
            stale.cluster.once(
                    "get namespace", () -> stale.cluster.change(each -> each.matches(1, Set.of(), Set.of())));
        });

        assertThat(stale.process()).isEqualTo(DONE);

        assertThat(stale.cluster.calls()).containsExactly("get namespace", "get namespace");
        assertThat(stale.cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
    }

    @Test
    void leavesALockToTheBackoffWhenTheSelectorsChangeAllTheTime() throws Exception {
        FlowHarness begun =
                new FlowHarness(locked("tenant", 5).applied("locking").until("2030-01-03T00:00:00Z"));
        begun.cluster.always("get namespace", begun.edition::incrementAndGet);

        assertThat(begun.process()).isEqualTo(FAILED);

        assertThat(begun.cluster.calls()).containsOnly("get namespace");
    }

    @Test
    void goesOnWithALockThatWasBegunWithoutWritingThatAgain() throws Exception {
        FlowHarness begun =
                new FlowHarness(locked("tenant", 5).applied("locking").until("2030-01-03T00:00:00Z"));

        begun.process();

        assertThat(begun.cluster.calls()).startsWith("get namespace", "create quota");
        assertThat(begun.cluster.view().unlockTimestamp()).isEqualTo("2030-01-03T00:00:00Z");
        assertThat(begun.cluster.view().applied()).isEqualTo("locked");
    }

    @ParameterizedTest
    @CsvSource({
        ",          2030-01-08T00:00:00Z",
        "90m,       2030-01-01T01:30:00Z",
        "24h,       2030-01-02T00:00:00Z",
        "30d,       2030-01-31T00:00:00Z",
        "permanent, ",
        "for ever,  2030-01-08T00:00:00Z"
    })
    void lastsAsLongAsTheNamespaceAsks(@Nullable String length, @Nullable String until) throws Exception {
        FlowHarness asked = new FlowHarness(locked("tenant", 5).length(length));

        asked.process();

        assertThat(asked.cluster.view().unlockTimestamp()).isEqualTo(until);
        assertThat(asked.cluster.view().applied()).isEqualTo("locked");
        assertThat(asked.events.take().getFirst().contains("LockDurationUnreadable"))
                .isEqualTo("for ever".equals(length));
    }

    @Test
    void lastsForEverWhereTheFlagSaysSo() throws Exception {
        FlowHarness permanent = new FlowHarness(
                locked("tenant", 5), new LockLength.Permanent(), ExpirationAction.DELETE, Duration.ZERO, 60);

        permanent.process();

        assertThat(permanent.cluster.view().unlockTimestamp()).isNull();
        assertThat(permanent.events.take()).singleElement().asString().contains("Locked until it is unlocked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2031-01-01T00:00:00Z", "2020-01-01T00:00:00+02:00", "soon"})
    void keepsATimestampThatIsThere(String until) throws Exception {
        FlowHarness dated = new FlowHarness(locked("tenant", 5).until(until).length("1h"));

        dated.process();

        assertThat(dated.cluster.view().unlockTimestamp()).isEqualTo(until);
        assertThat(dated.cluster.view().applied()).isEqualTo("locked");
    }

    // A step fails.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create quota", "list DEPLOYMENT", "list STATEFUL_SET", "list REPLICA_SET",
                        "list REPLICATION_CONTROLLER",
                "list CRON_JOB", "list JOB", "list pods", "write DEPLOYMENT web", "write CRON_JOB nightly",
                "delete pod lonely"
            })
    void aStepThatFailsStopsNoOtherAndTheLockIsNotDone(String step) throws Exception {
        populate();
        cluster.once(step, refusal(500, "InternalError"));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.calls())
                .filteredOn(call -> call.startsWith("write ") || call.startsWith("delete pod"))
                .as("all that the failing step did not hide")
                .hasSize(7 - hiddenBy(step));
        assertThat(cluster.view().applied()).isEqualTo("locking");
        assertThat(flows.need()).isEqualTo(Need.LOCK);
        assertThat(flows.events.take()).isEmpty();
        assertThat(flows.ended).containsExactly("LOCK failed");

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(cluster.view().applied()).isEqualTo("locked");
        assertThat(cluster.quota()).isNotNull();
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 3");
        assertThat(cluster.pods()).containsExactly("of-web-1");
    }

    private static int hiddenBy(String step) {
        return switch (step) {
            case "list DEPLOYMENT",
                    "list STATEFUL_SET",
                    "list REPLICA_SET",
                    "list REPLICATION_CONTROLLER",
                    "list CRON_JOB",
                    "list JOB",
                    "list pods" -> 1;
            default -> 0;
        };
    }

    @Test
    void aDefectInAStepDoesNotPassForDone() throws Exception {
        populate();
        cluster.once("write STATEFUL_SET", () -> {
            throw new OutOfMemoryError("scripted");
        });

        assertThat(flows.process()).isEqualTo(FAILED);
        assertThat(cluster.view().applied()).isEqualTo("locking");
    }

    @Test
    void nothingIsTouchedBeforeTheLockIsWrittenDown() throws Exception {
        populate();
        cluster.always("patch namespace", refusal(500, "InternalError"));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.calls()).hasSize(1);
    }

    // Somebody else changes something.

    @Test
    void aConflictIsReadAgainAndTriedAgain() throws Exception {
        cluster.once("patch namespace", () -> cluster.change(each -> each.length("24h")));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.view().unlockTimestamp()).as("of what was read").isEqualTo("2030-01-02T00:00:00Z");
        assertThat(cluster.view().applied()).isEqualTo("locked");
    }

    @Test
    void fiveConflictsAreLeftToTheBackoff() throws Exception {
        cluster.always("patch namespace", () -> cluster.change(each -> each));

        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(cluster.calls()).filteredOn(call -> call.startsWith("patch")).hasSize(5);
        assertThat(flows.need()).isEqualTo(Need.LOCK);
    }

    @Test
    void aLockThatIsTakenBackBeforeItIsWrittenDownTouchesNothing() throws Exception {
        populate();
        cluster.once("patch namespace", () -> cluster.change(each -> each.status("active")));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls()).hasSize(2).endsWith("get namespace");
        assertThat(flows.ended).containsExactly("LOCK void");
    }

    @Test
    void aLockThatIsTakenBackMeanwhileIsNotMarkedAsDone() throws Exception {
        populate();
        cluster.once("list pods", () -> cluster.change(each -> each.status("active")));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.view().applied()).isEqualTo("locking");
        assertThat(flows.need()).isEqualTo(Need.UNLOCK);
        assertThat(flows.needed).containsExactly("tenant");
        assertThat(flows.ended).containsExactly("LOCK void");
    }

    @Test
    void aNamespaceThatIsGoneIsForgotten() throws Exception {
        cluster.vanish();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.namespaces.get("tenant")).isEmpty();
        assertThat(flows.ended).containsExactly("LOCK void");
    }

    @Test
    void aNamespaceThatIsGoneInTheMiddleIsForgotten() throws Exception {
        cluster.once("list pods", cluster::vanish);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.namespaces.get("tenant")).isEmpty();
    }

    /** A terminating namespace refuses whatever is to be created in it. */
    @Test
    void aNamespaceWhoseDeletionBeginsMeanwhileIsLeftAlone() throws Exception {
        populate();
        cluster.once("create quota", () -> {
            cluster.change(ViewBuilder::terminating);
            refusal(403, "Forbidden").happen();
        });

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.calls()).noneMatch(call -> call.startsWith("write") || call.startsWith("delete"));
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
        assertThat(flows.ended).containsExactly("LOCK void");
    }

    @Test
    void aWorkloadThatIsChangedMeanwhileIsDecidedAnew() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once("write DEPLOYMENT", () -> cluster.put(WorkloadKind.DEPLOYMENT, "web", 9, false, null));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 9");
    }

    @Test
    void aWorkloadThatSomebodyScalesDownMeanwhileIsLeft() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once("write DEPLOYMENT", () -> cluster.put(WorkloadKind.DEPLOYMENT, "web", 0, false, null));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 null");
        assertThat(flows.events.take()).singleElement().asString().contains("0 workloads scaled");
    }

    @Test
    void aWorkloadThatIsGoneMeanwhileNeedsNoScaling() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once("write DEPLOYMENT", () -> cluster.remove(WorkloadKind.DEPLOYMENT, "web"));

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.events.take()).singleElement().asString().contains("0 workloads scaled");
    }

    @Test
    void aWorkloadThatIsChangedAndThenGoneNeedsNoScalingEither() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once("write DEPLOYMENT", () -> cluster.put(WorkloadKind.DEPLOYMENT, "web", 9, false, null));
        cluster.once("get DEPLOYMENT", () -> cluster.remove(WorkloadKind.DEPLOYMENT, "web"));

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(flows.events.take()).singleElement().asString().contains("0 workloads scaled");
    }

    @Test
    void anotherWorkloadOfTheSameNameIsScaledInItsStead() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once(
                "write DEPLOYMENT",
                () -> cluster.put(new Workload(
                        WorkloadKind.DEPLOYMENT, "tenant", "web", "other", "0", 4, false, null, false, false, false)));

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 4");
    }

    @Test
    void aWorkloadThatIsNeverTheSameTwiceFailsTheLock() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.always("write DEPLOYMENT", () -> cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null));

        assertThat(flows.process()).isEqualTo(FAILED);
        assertThat(cluster.view().applied()).isEqualTo("locking");
    }

    @Test
    void aWriteThatTheServerCallsInvalidFailsTheLock() throws Exception {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.once("write DEPLOYMENT", refusal(422, "Invalid"));

        assertThat(flows.process()).isEqualTo(FAILED);
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
    }

    // The quota.

    @Test
    void aQuotaThatStandsIsFine() throws Exception {
        cluster.put(quota(LockQuota.of(false).hard(), false, true));

        flows.process();

        assertThat(cluster.calls()).contains("get quota").doesNotContain("repair quota");
        assertThat(cluster.view().applied()).isEqualTo("locked");
    }

    @Test
    void aQuotaThatWasAlteredIsPutRight() throws Exception {
        cluster.put(quota(Map.of("pods", "100"), false, true));

        flows.process();

        assertThat(Objects.requireNonNull(cluster.quota()).hard())
                .isEqualTo(LockQuota.of(false).hard());
        assertThat(cluster.view().applied()).isEqualTo("locked");
    }

    @Test
    void aQuotaThatWasNarrowedIsMadeAnew() throws Exception {
        cluster.put(quota(LockQuota.of(false).hard(), true, true));

        flows.process();

        assertThat(cluster.calls()).containsSubsequence("repair quota", "delete quota", "create quota");
        assertThat(Objects.requireNonNull(cluster.quota()).scoped()).isFalse();
    }

    @Test
    void aQuotaThatIsGoneAgainIsMadeAgain() throws Exception {
        cluster.put(quota(LockQuota.of(false).hard(), false, true));
        cluster.once("get quota", () -> cluster.put((QuotaView) null));

        flows.process();

        assertThat(cluster.quota()).isNotNull();
        assertThat(cluster.view().applied()).isEqualTo("locked");
    }

    @Test
    void aQuotaThatIsMissingLaterIsPutBackByALockThatChangesNothingElse() throws Exception {
        populate();
        flows.process();
        String until = cluster.view().unlockTimestamp();
        cluster.put((QuotaView) null);
        flows.namespaces.quotaDrifted("tenant");

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.quota()).isNotNull();
        assertThat(cluster.view().unlockTimestamp()).isEqualTo(until);
        assertThat(cluster.view().applied()).isEqualTo("locked");
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("0 3");
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
    }

    /** Whether the second try made its quota before or after that, it can't know: it is looked at again. */
    @Test
    void aQuotaThatGoesBetweenTwoTriesIsLookedAtAgainWhenTheLockIsThrough() throws Exception {
        cluster.once("list DEPLOYMENT", refusal(500, "InternalError"));
        assertThat(flows.process()).isEqualTo(FAILED);
        cluster.put((QuotaView) null);
        flows.namespaces.quotaDrifted("tenant");
        flows.needed.clear();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(flows.need()).isEqualTo(Need.LOCK);
        assertThat(flows.needed).containsExactly("tenant");
        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(cluster.quota()).isNotNull();
        assertThat(cluster.view().applied()).isEqualTo("locked");
        assertThat(flows.need()).isEqualTo(Need.NOTHING);
    }

    /** What is known is from an event of a lock before, and the namespace was opened and locked again since. */
    @Test
    void aLockThatSeemsToBeBegunAndIsNotIsBegun() throws Exception {
        FlowHarness seeming =
                new FlowHarness(locked("tenant", 5).applied("locking").until("2030-01-05T00:00:00Z"));
        seeming.cluster.change(each -> each.applied(null).until(null));

        assertThat(seeming.process()).isEqualTo(DONE);

        assertThat(seeming.cluster.view().unlockTimestamp()).isEqualTo("2030-01-08T00:00:00Z");
        assertThat(seeming.cluster.view().lockedAt()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(seeming.cluster.view().applied()).isEqualTo("locked");
    }

    // What a BlockRequest says of it.

    @Test
    void aLockWhoseLastAnswerIsLostHasNotFailed() throws Exception {
        flows.namespaces.named(0, names("tenant"));
        cluster.once("patch namespace {" + Names.APPLIED_LABEL + "=locked}", this::takesEffectWithoutAnAnswer);

        assertThat(flows.process()).isEqualTo(FAILED);
        assertThat(phase()).isEqualTo(TargetPhase.FAILED);
        flows.namespaces.changed(cluster.view());

        assertThat(flows.process()).isEqualTo(DONE);
        assertThat(phase()).isEqualTo(TargetPhase.LOCKED);
    }

    @Test
    void aLockWhoseSecondTryLosesItsLastAnswerHasNotFailedEither() throws Exception {
        flows.namespaces.named(0, names("tenant"));
        cluster.once("list DEPLOYMENT", refusal(500, "InternalError"));
        cluster.once("patch namespace {" + Names.APPLIED_LABEL + "=locked}", () -> {
            cluster.change(each -> each.applied("locked"));
            flows.namespaces.changed(cluster.view());
            throw new ApiException("patch", new IOException("connection reset"));
        });
        assertThat(flows.process()).isEqualTo(FAILED);

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(phase()).isEqualTo(TargetPhase.LOCKED);
    }

    private void takesEffectWithoutAnAnswer() throws ApiException {
        cluster.change(each -> each.applied("locked"));
        throw new ApiException("patch", new IOException("connection reset"));
    }

    private TargetPhase phase() {
        return flows.namespaces.firstTargets(0, true, 1).getFirst().phase();
    }

    private static NameList names(String name) {
        NameList names = new NameList();
        names.add(name);
        return names;
    }

    // What is not locked.

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "shielded"})
    void aProtectedNamespaceIsRefused(String name) throws Exception {
        FlowHarness refused = new FlowHarness(locked(name, 5));

        assertThat(refused.process()).isEqualTo(DONE);

        assertThat(refused.cluster.calls()).isEmpty();
        assertThat(refused.events.take())
                .singleElement()
                .asString()
                .startsWith("Warning Namespace " + name + "/" + name + " LockRefused: ");
    }

    @Test
    void anUnknownStatusChangesNothingAndIsWarnedOf() throws Exception {
        FlowHarness unknown = new FlowHarness(view("tenant", 5).status("frozen"));

        assertThat(unknown.process()).isEqualTo(DONE);

        assertThat(unknown.cluster.calls()).isEmpty();
        assertThat(unknown.events.take())
                .singleElement()
                .asString()
                .startsWith("Warning Namespace tenant/tenant UnknownStatus: ")
                .contains("'locked'", "'active'");
    }

    @Test
    void aDryRunSendsNothingButReads() throws Exception {
        populate();
        cluster.writeNothing();

        assertThat(flows.process()).isEqualTo(DONE);

        assertThat(cluster.view().resourceVersion()).isEqualTo(5);
        assertThat(cluster.standing(WorkloadKind.DEPLOYMENT, "web")).isEqualTo("3 null");
        assertThat(cluster.calls()).contains("write DEPLOYMENT web", "delete pod lonely");
    }

    @Test
    void aLookFindsOutWhetherANamespaceIsGoneOrLostItsLabel() throws Exception {
        FlowHarness gone = new FlowHarness(locked("tenant", 5).applied("locking"));
        gone.namespaces.deleted(locked("tenant", 6).applied("locking").build());
        gone.cluster.vanish();
        assertThat(gone.process()).isEqualTo(DONE);
        assertThat(gone.namespaces.get("tenant")).isEmpty();

        FlowHarness unlabelled = new FlowHarness(locked("tenant", 5).applied("locking"));
        unlabelled.cluster.change(each -> each.status(null));
        unlabelled.namespaces.deleted(locked("tenant", 6).applied("locking").build());
        assertThat(unlabelled.process()).isEqualTo(DONE);
        assertThat(unlabelled.need()).isEqualTo(Need.UNLOCK);
        assertThat(unlabelled.needed).containsExactly("tenant", "tenant");
    }

    private void populate() {
        cluster.put(WorkloadKind.DEPLOYMENT, "web", 3, false, null);
        cluster.put(WorkloadKind.DEPLOYMENT, "idle", 0, false, null);
        cluster.put(WorkloadKind.STATEFUL_SET, "db", 2, false, null);
        cluster.put(WorkloadKind.REPLICA_SET, "bare", 1, false, null);
        cluster.put(new Workload(
                WorkloadKind.REPLICA_SET, "tenant", "of-web", "uid", "0", 3, false, null, false, true, false));
        cluster.put(WorkloadKind.REPLICATION_CONTROLLER, "old", 1, false, null);
        cluster.put(WorkloadKind.CRON_JOB, "nightly", 1, false, null);
        cluster.put(WorkloadKind.JOB, "import", 1, false, null);
        List.of(
                        new Pod("tenant", "lonely", "u1", null, false, false, false),
                        new Pod(
                                "tenant",
                                "of-web-1",
                                "u2",
                                new Pod.Controller("apps", "ReplicaSet"),
                                false,
                                false,
                                false))
                .forEach(cluster::put);
    }

    private static QuotaView quota(Map<String, String> hard, boolean scoped, boolean labelled) {
        return new QuotaView("tenant", Names.QUOTA, 9, hard, scoped, labelled);
    }
}
