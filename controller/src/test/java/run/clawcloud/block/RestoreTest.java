package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.store.Snapshot;

/** Etcd is restored from a backup while the controller runs: what counts is what is, whatever was known. */
class RestoreTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated()).as("a cluster with a backup").isPresent();
        return cluster.simulated().orElseThrow();
    }

    @Test
    void aLockThatWasOpenedAfterTheBackupHoldsAgain() throws Exception {
        KubeSim simulated = simulated();
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
            Snapshot backup = simulated.snapshot();
            tenant.status("active");
            tenant.awaitUnlocked();

            simulated.restore(backup);
            tenant.awaitPods("web", 0);

            tenant.status("active");
            tenant.awaitUnlocked();
            assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
        }
    }

    @Test
    void aBlockRequestAsksForWhatItAskedForThen() throws Exception {
        KubeSim simulated = simulated();
        Tenant first = cluster.tenant();
        Tenant second = cluster.tenant();
        Tenant third = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            TestRequest request = cluster.request(TestSpec.locked().names(first));
            request.awaitApplied();
            Snapshot backup = simulated.snapshot();
            request.spec(TestSpec.locked().names(second).toString());
            request.awaitApplied();

            simulated.restore(backup);
            request.spec(TestSpec.locked().names(first, third).toString());

            third.awaitLocked();
            request.awaitApplied();
            assertThat(first.label(Names.STATUS_LABEL)).isEqualTo(Names.LOCKED);
            second.awaitUnlocked();
        }
    }

    @Test
    void aNamespaceThatWasNotThereThenIsHeardOfWhenItIsMadeAnew() throws Exception {
        KubeSim simulated = simulated();
        try (BlockController _ = TestController.start(cluster)) {
            Snapshot backup = simulated.snapshot();
            Tenant tenant = cluster.tenant();
            tenant.status("locked");
            tenant.awaitLocked();

            simulated.restore(backup);
            assertThat(tenant.lives()).isFalse();
            cluster.create(tenant);
            tenant.status("locked");

            tenant.awaitLocked();
        }
    }
}
