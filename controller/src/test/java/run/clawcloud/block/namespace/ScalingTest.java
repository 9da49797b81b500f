package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.namespace.WorkloadKind.Knob;

/** What becomes of a workload, rule by rule. */
class ScalingTest {

    private static final Scaling LEAVE = new Scaling.Leave();
    private static final List<WorkloadKind> KINDS = List.of(WorkloadKind.values());
    private static final Scaling REMOVE_NOTE = new Scaling.Write(null, null, null);

    // Down.

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CRON_JOB", "JOB"})
    void downSetsReplicasToZeroAndNotesThemInOneWrite(WorkloadKind kind) {
        assertThat(Scaling.down(replicas(kind, 3, null))).isEqualTo(new Scaling.Write(0, null, "3"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CRON_JOB", "JOB"})
    void downSuspendsAndNotesItInOneWrite(WorkloadKind kind) {
        assertThat(Scaling.down(suspend(kind, false, null))).isEqualTo(new Scaling.Write(null, true, "false"));
    }

    @Test
    void downLeavesAReplicaSetToItsDeployment() {
        assertThat(Scaling.down(ofDeployment(3, null))).isEqualTo(LEAVE);
    }

    @Test
    void downLeavesAJobThatHasFinished() {
        assertThat(Scaling.down(finishedJob(false, null))).isEqualTo(LEAVE);
    }

    @Test
    void downLeavesWhatIsAlreadyDownSoThatUpLeavesItSoToo() {
        assertThat(Scaling.down(replicas(WorkloadKind.DEPLOYMENT, 0, null))).isEqualTo(LEAVE);
        assertThat(Scaling.down(suspend(WorkloadKind.CRON_JOB, true, null))).isEqualTo(LEAVE);
    }

    @Test
    void downKeepsTheNoteOfAnEarlierTry() {
        assertThat(Scaling.down(replicas(WorkloadKind.STATEFUL_SET, 0, "3"))).isEqualTo(LEAVE);
        assertThat(Scaling.down(suspend(WorkloadKind.JOB, true, "false"))).isEqualTo(LEAVE);
    }

    @Test
    void downNotesTheNewerValueOfWhatWasScaledUpWhileLocked() {
        assertThat(Scaling.down(replicas(WorkloadKind.DEPLOYMENT, 5, "3"))).isEqualTo(new Scaling.Write(0, null, "5"));
        assertThat(Scaling.down(suspend(WorkloadKind.CRON_JOB, false, "true")))
                .isEqualTo(new Scaling.Write(null, true, "false"));
    }

    // Up.

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CRON_JOB", "JOB"})
    void upRestoresTheReplicasAndRemovesTheNoteInOneWrite(WorkloadKind kind) {
        assertThat(Scaling.up(replicas(kind, 0, "3"))).isEqualTo(new Scaling.Write(3, null, null));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void upRestoresSuspendAndRemovesTheNoteInOneWrite(boolean noted) {
        assertThat(Scaling.up(suspend(WorkloadKind.CRON_JOB, true, Boolean.toString(noted))))
                .isEqualTo(new Scaling.Write(null, noted, null));
    }

    @ParameterizedTest
    @EnumSource
    void upLeavesWhatCarriesNoNote(WorkloadKind kind) {
        assertThat(Scaling.up(workload(kind, 0, true, null, false, false))).isEqualTo(LEAVE);
        assertThat(Scaling.up(workload(kind, 4, false, null, false, false))).isEqualTo(LEAVE);
    }

    @Test
    void upKeepsWhatSomebodyHasSetMeanwhileAndOnlyRemovesTheNote() {
        assertThat(Scaling.up(replicas(WorkloadKind.DEPLOYMENT, 7, "3"))).isEqualTo(REMOVE_NOTE);
        assertThat(Scaling.up(suspend(WorkloadKind.JOB, false, "true"))).isEqualTo(REMOVE_NOTE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "three",
                "-1",
                "+3",
                "3.0",
                " 3",
                "3 ",
                "0x3",
                "1e3",
                "2147483648",
                "99999999999999999999",
                "\u0663",
                "true"
            })
    void upSaysSoWhenANoteIsNoNumberOfReplicas(String note) {
        assertThat(Scaling.up(replicas(WorkloadKind.DEPLOYMENT, 0, note))).isEqualTo(new Scaling.Unreadable(note));
        assertThat(Scaling.up(replicas(WorkloadKind.DEPLOYMENT, 2, note))).isEqualTo(new Scaling.Unreadable(note));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "True", "yes", "0", "1", " true", "false "})
    void upSaysSoWhenANoteIsNoSuspend(String note) {
        assertThat(Scaling.up(suspend(WorkloadKind.JOB, true, note))).isEqualTo(new Scaling.Unreadable(note));
    }

    @Test
    void upReadsTheLargestNumber() {
        assertThat(Scaling.up(replicas(WorkloadKind.DEPLOYMENT, 0, "2147483647")))
                .isEqualTo(new Scaling.Write(Integer.MAX_VALUE, null, null));
        assertThat(Scaling.up(replicas(WorkloadKind.DEPLOYMENT, 0, "0"))).isEqualTo(new Scaling.Write(0, null, null));
    }

    /** The Deployment controller copies the Deployment's annotations: a copy is never a note. */
    @ParameterizedTest
    @ValueSource(strings = {"3", "0", "rubbish"})
    void upOnlyTakesACopiedNoteAwayAndLeavesTheReplicasAlone(String copy) {
        assertThat(Scaling.up(ofDeployment(0, copy))).isEqualTo(REMOVE_NOTE);
        assertThat(Scaling.up(ofDeployment(3, copy))).isEqualTo(REMOVE_NOTE);
    }

    @Test
    void onlyAWriteOfNothingElseOnlyRemovesTheNote() {
        assertThat(new Scaling.Write(null, null, null).onlyRemovesNote()).isTrue();
        assertThat(new Scaling.Write(3, null, null).onlyRemovesNote()).isFalse();
        assertThat(new Scaling.Write(null, true, null).onlyRemovesNote()).isFalse();
        assertThat(new Scaling.Write(null, null, "3").onlyRemovesNote()).isFalse();
    }

    // Both.

    @Test
    void downTwiceIsDownOnce() {
        everyWorkload(workload -> {
            Workload down = apply(workload, Scaling.down(workload));
            assertThat(Scaling.down(down)).as(workload.toString()).isEqualTo(LEAVE);
        });
    }

    @Test
    void upAfterDownGivesBackWhatWasThere() {
        everyWorkload(workload -> {
            Workload down = apply(workload, Scaling.down(workload));
            Workload up = apply(down, Scaling.up(down));
            assertThat(up).as(workload.toString()).isEqualTo(workload);
        });
    }

    @Test
    void afterUpThereIsNothingToDo() {
        everyWorkload(workload -> {
            Workload down = apply(workload, Scaling.down(workload));
            Workload up = apply(down, Scaling.up(down));
            assertThat(Scaling.up(up)).as(workload.toString()).isEqualTo(LEAVE);
        });
    }

    /** What a lock finds when nobody has locked before: no notes. */
    private static void everyWorkload(Consumer<Workload> check) {
        Random random = new Random(20_300_101);
        for (int i = 0; i < 20_000; i++) {
            WorkloadKind kind = KINDS.get(random.nextInt(KINDS.size()));
            int replicas = random.nextInt(4) == 0 ? random.nextInt(Integer.MAX_VALUE) : random.nextInt(4);
            check.accept(workload(
                    kind,
                    kind.knob() == Knob.REPLICAS ? replicas : 1,
                    kind.knob() == Knob.SUSPEND && random.nextBoolean(),
                    null,
                    kind == WorkloadKind.JOB && random.nextBoolean(),
                    kind == WorkloadKind.REPLICA_SET && random.nextBoolean()));
        }
    }

    /** What the server makes of a decision. */
    private static Workload apply(Workload workload, Scaling scaling) {
        if (!(scaling instanceof Scaling.Write(Integer replicas, Boolean suspend, String note))) {
            return workload;
        }
        return workload(
                workload.kind(),
                replicas == null ? workload.replicas() : replicas,
                suspend == null ? workload.suspended() : suspend,
                note,
                workload.finished(),
                workload.ofDeployment());
    }

    private static Workload replicas(WorkloadKind kind, int replicas, @Nullable String note) {
        return workload(kind, replicas, false, note, false, false);
    }

    private static Workload suspend(WorkloadKind kind, boolean suspended, @Nullable String note) {
        return workload(kind, 1, suspended, note, false, false);
    }

    private static Workload ofDeployment(int replicas, @Nullable String note) {
        return workload(WorkloadKind.REPLICA_SET, replicas, false, note, false, true);
    }

    private static Workload finishedJob(boolean suspended, @Nullable String note) {
        return workload(WorkloadKind.JOB, 1, suspended, note, true, false);
    }

    private static Workload workload(
            WorkloadKind kind,
            int replicas,
            boolean suspended,
            @Nullable String note,
            boolean finished,
            boolean ofDeployment) {
        return new Workload(
                kind, "tenant", "web", "uid", "5", replicas, suspended, note, finished, ofDeployment, false);
    }
}
