package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods a lock deletes itself. */
class PodTest {

    @Test
    void onesWithoutAControllerGo() {
        assertThat(pod(null, false, false, false).goesAtLock()).isTrue();
    }

    /** The first group: their controllers are scaled down or suspended. The second: nothing else takes them down. */
    @ParameterizedTest
    @CsvSource({
        "apps,  ReplicaSet,            false",
        "apps,  StatefulSet,           false",
        "'',    ReplicationController, false",
        "batch, Job,                   false",
        "apps,  DaemonSet,             true",
        "argoproj.io, Workflow,        true",
        "apps.kruise.io, StatefulSet,  true",
        "batch.volcano.sh, Job,        true",
        "'',    ReplicaSet,            true",
        "apps,  Deployment,            true",
        "'',    Node,                  true"
    })
    void onesWithAControllerGoUnlessALockTakesThatDown(String group, String kind, boolean goes) {
        assertThat(pod(new Pod.Controller(group, kind), false, false, false).goesAtLock())
                .isEqualTo(goes);
    }

    @Test
    void mirrorsOfStaticPodsStay() {
        assertThat(pod(null, true, false, false).goesAtLock()).isFalse();
        assertThat(pod(new Pod.Controller("", "Node"), true, false, false).goesAtLock())
                .isFalse();
    }

    @Test
    void finishedOnesStay() {
        assertThat(pod(null, false, true, false).goesAtLock()).isFalse();
        assertThat(pod(new Pod.Controller("apps", "DaemonSet"), false, true, false)
                        .goesAtLock())
                .isFalse();
    }

    @Test
    void onesThatAreOnTheirWayOutNeedNoPush() {
        assertThat(pod(null, false, false, true).goesAtLock()).isFalse();
    }

    private static Pod pod(Pod.@Nullable Controller controller, boolean mirror, boolean finished, boolean terminating) {
        return new Pod("tenant", "pod", "uid", controller, mirror, finished, terminating);
    }
}
