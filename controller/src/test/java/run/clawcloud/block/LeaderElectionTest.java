package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;

/**
 * Two controllers, each a process of its own: never two are at work. Each write that arrives is held against the holder
 * of the Lease at that moment.
 */
@DisabledIfSystemProperty(
        named = "kubeconfig",
        matches = ".+",
        disabledReason = "only the embedded cluster tells who writes")
class LeaderElectionTest {

    private static final String LEASES = "apis/coordination.k8s.io/v1/namespaces/default/leases";
    private static final String LEASE = LEASES + "/block-controller";

    /** Nobody takes over because time has passed. */
    private static final String[] LONG = {
        "--leader-elect-lease-duration=1h", "--leader-elect-renew-deadline=30m", "--leader-elect-retry-period=1s"
    };

    private static final String[] SHORT = {
        "--leader-elect-lease-duration=6s",
        "--leader-elect-renew-deadline=5s",
        "--leader-elect-retry-period=1s",
        "--max-concurrent-reconciles=2"
    };

    private final TestCluster cluster = TestCluster.openWithRequests();
    private final List<Replica> replicas = new ArrayList<>();
    private KubeSim simulated;
    private WriteRecord record;

    @BeforeEach
    void watchWhoWrites() {
        simulated = cluster.simulated().orElseThrow();
        record = new WriteRecord(simulated);
    }

    @AfterEach
    void close() throws Exception {
        for (Replica replica : replicas) {
            replica.close();
        }
        cluster.close();
        assertThat(record.violations()).isEmpty();
    }

    private Replica start(String... flags) throws Exception {
        Replica replica = Replica.start(cluster, flags);
        replicas.add(replica);
        return replica;
    }

    /** Two that compete. */
    private record Pair(Replica leader, Replica standby) {}

    /** Starts two. There is a Lease that was given back, so that nobody has to wait for the first one. */
    private Pair leaderAndStandby(String... flags) throws Exception {
        cluster.api().create(LEASES, RawApi.JSON, """
                        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
                         "metadata":{"name":"block-controller","namespace":"default"},
                         "spec":{"leaseDurationSeconds":1,"leaseTransitions":4}}""").accepted();
        Replica leader = start(flags);
        leader.awaitLeader();
        Replica standby = start(flags);
        standby.awaitStandby();
        return new Pair(leader, standby);
    }

    private int transitions() {
        return cluster.api().get(LEASE).accepted().at("/spec/leaseTransitions").asInt();
    }

    /** So much work for the leader that it lasts for some seconds; returns when it is at it. */
    private List<Tenant> lockSlowly(Replica leader) {
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tenants.add(cluster.tenant());
        }
        simulated
                .faults()
                .set(
                        1,
                        List.of(Fault.of(Fault.Effect.DELAY)
                                .on("create", "resourcequotas")
                                .lasting(200)));
        tenants.forEach(tenant -> tenant.status("locked"));
        Eventually.holds(() -> record.by(leader.identity()) > 10);
        return tenants;
    }

    @Test
    void oneWorksTheOtherIsReadyAndWritesNothing() throws Exception {
        Pair pair = leaderAndStandby(LONG);
        Replica leader = pair.leader();
        Replica standby = pair.standby();
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));

        tenant.awaitLocked();
        request.awaitApplied();

        assertThat(record.by(leader.identity())).isPositive();
        assertThat(record.by(standby.identity())).isZero();
        assertThat(leader.leaderMetric()).isEqualTo("1.0");
        assertThat(standby.leaderMetric()).isEqualTo("0.0");
        assertThat(standby.role()).isEqualTo("standby");
        assertThat(record.holder()).isEqualTo(leader.identity());
    }

    @Test
    void afterACleanStopTheOtherTakesOverWithoutWaitingForTheLeaseToRunOut() throws Exception {
        Pair pair = leaderAndStandby(LONG);
        Replica first = pair.leader();
        Replica second = pair.standby();
        Tenant tenant = cluster.tenant();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        tenant.awaitLocked();

        first.process().terminate();
        assertThat(first.process().exitStatus()).isZero();
        second.awaitLeader();

        assertThat(transitions()).isEqualTo(6);
        request.delete();
        tenant.awaitUnlocked();
        request.awaitGone();
        assertThat(record.by(second.identity())).isPositive();
    }

    @Test
    void afterAKillTheOtherTakesOverWhenTheLeaseHasRunOutAndFinishesTheWork() throws Exception {
        Pair pair = leaderAndStandby(SHORT);
        Replica first = pair.leader();
        Replica second = pair.standby();
        List<Tenant> tenants = lockSlowly(first);

        first.process().kill();

        second.awaitLeader();
        tenants.forEach(Tenant::awaitLocked);
        assertThat(record.by(second.identity())).isPositive();
    }

    @Test
    void aLeaderThatWasStoppedInTheMiddleOfItsWorkDoesNotWriteWhenItGoesOn() throws Exception {
        Pair pair = leaderAndStandby(SHORT);
        Replica first = pair.leader();
        Replica second = pair.standby();
        List<Tenant> tenants = lockSlowly(first);

        first.process().suspend();
        second.awaitLeader();
        long written = record.by(first.identity());
        first.process().resume();

        assertThat(first.process().exitStatus()).isEqualTo(ExitStatus.LEADERSHIP_LOST);
        assertThat(first.process().said()).anyMatch(line -> line.contains("leader election lost: "));
        assertThat(record.by(first.identity())).isEqualTo(written);
        tenants.forEach(Tenant::awaitLocked);
    }

    @Test
    void aLeaderThatIsCutOffStopsByItselfAndTheOtherTakesOver() throws Exception {
        Pair pair = leaderAndStandby(SHORT);
        Replica first = pair.leader();
        Replica second = pair.standby();
        List<Tenant> tenants = lockSlowly(first);

        first.proxy().cut();

        assertThat(first.process().exitStatus()).isEqualTo(ExitStatus.LEADERSHIP_LOST);
        assertThat(first.process().said()).anyMatch(line -> line.contains("could not be renewed within 5 s"));
        second.awaitLeader();
        tenants.forEach(Tenant::awaitLocked);
    }

    @Test
    void aLeaseThatSomebodyElseTakesEndsTheLeadershipAndIsRespected() throws Exception {
        Pair pair = leaderAndStandby(LONG);
        Replica first = pair.leader();
        Replica second = pair.standby();

        cluster.api()
                .patch(LEASE, "{\"spec\":{\"holderIdentity\":\"somebody\"}}")
                .accepted();

        assertThat(first.process().exitStatus()).isEqualTo(ExitStatus.LEADERSHIP_LOST);
        assertThat(first.process().said()).anyMatch(line -> line.contains("the Lease is held by somebody"));
        Eventually.holds(
                () -> second.process().said().stream().anyMatch(line -> line.contains("the leader is somebody")));
        assertThat(second.role()).isEqualTo("standby");
        assertThat(record.holder()).isEqualTo("somebody");
    }

    @Test
    void aLeaseThatIsDeletedOrEmptiedUnderTheLeadersHandsStaysTheLeaders() throws Exception {
        Pair pair = leaderAndStandby(LONG);
        Replica first = pair.leader();
        Replica second = pair.standby();

        cluster.api().delete(LEASE).accepted();
        Eventually.equal(first.identity(), record::holder);
        cluster.api().patch(LEASE, "{\"spec\":{\"holderIdentity\":null}}").accepted();
        Eventually.equal(first.identity(), record::holder);

        Tenant tenant = cluster.tenant();
        tenant.status("locked");
        tenant.awaitLocked();
        assertThat(record.by(first.identity())).isPositive();
        assertThat(second.role()).isEqualTo("standby");
    }

    @Test
    void withoutALeaseItLeadsAfterTheTimeThatALeaderWouldHaveHad() throws Exception {
        Replica only = start(SHORT);
        Tenant tenant = cluster.tenant();
        tenant.status("locked");

        only.awaitLeader();

        tenant.awaitLocked();
        assertThat(record.holder()).isEqualTo(only.identity());
    }

    @Test
    void aLeaseThatCanNotBeHadIsSaidAndTriedAgain() throws Exception {
        Fault forbidden = Fault.of(Fault.Effect.STATUS).withStatus(403, 0);
        simulated.faults().set(1, List.of(forbidden.on("list", "leases"), forbidden.on("create", "leases")));
        Replica only = start(SHORT);
        Tenant tenant = cluster.tenant();
        tenant.status("locked");
        Eventually.holds(() -> only.process().said().stream()
                .anyMatch(line -> line.contains("list leases.coordination.k8s.io") && line.contains("403")));
        only.awaitStandby();
        assertThat(record.by(only.identity())).isZero();

        simulated.faults().clear();

        only.awaitLeader();
        tenant.awaitLocked();
    }
}
