package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;

/** What happens now comes before what has waited already; and what a scan costs in which little is found. */
class OvertakingTest {

    private static final int MANY = 24;
    private static final String ONE_AT_A_TIME = "--max-concurrent-reconciles=1";
    private static final String LIST_QUOTAS = "list resourcequotas";

    private TestCluster cluster;
    private KubeSim simulated;

    @BeforeEach
    void open() {
        cluster = TestCluster.open();
        assumeThat(cluster.simulated())
                .as("only the embedded cluster has faults on demand")
                .isPresent();
        simulated = cluster.simulated().orElseThrow();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aLabelSetNowOvertakesTheBacklogOfTheStart() throws Exception {
        List<Tenant> backlog = tenants(Map.of(Names.STATUS_LABEL, Names.LOCKED));
        Tenant live = cluster.tenant();
        simulated.faults().set(1, List.of(stallOneLock()));
        try (BlockController _ = TestController.start(cluster, ONE_AT_A_TIME)) {
            awaitLocksBegun(1);
            live.status(Names.LOCKED);
            simulated.faults().clear();
            live.awaitLocked();
            backlog.forEach(Tenant::awaitLocked);

            assertThat(lockedAfter(live, backlog)).isGreaterThan(MANY / 2);
        }
    }

    @Test
    void aLabelSetNowOvertakesWhatTheSlowScanHasFound() throws Exception {
        List<Tenant> open = tenants(locked());
        Tenant live = cluster.tenant();
        Tenant trigger = cluster.tenant();
        simulated.faults().set(1, List.of(scanAfterOneQuota(), stallOneLock().skipping(1)));
        try (BlockController _ = TestController.start(cluster, ONE_AT_A_TIME)) {
            trigger.status(Names.LOCKED);
            awaitLocksBegun(2);
            live.status(Names.LOCKED);
            simulated.faults().clear();
            live.awaitLocked();
            open.forEach(Tenant::awaitQuota);
            open.forEach(Tenant::awaitLocked);

            assertThat(lockedAfter(live, open)).isGreaterThan(MANY / 2);
        }
    }

    @Test
    void aScanCostsItsPagesAndPutsBackWhatIsMissing() throws Exception {
        List<Tenant> tenants = tenants(Map.of(Names.STATUS_LABEL, Names.LOCKED));
        try (BlockController _ = TestController.start(cluster)) {
            tenants.forEach(Tenant::awaitLocked);
        }
        List<Tenant> bereft = tenants.subList(3, 5);
        bereft.forEach(this::deleteQuota);
        Tenant trigger = cluster.tenant();
        simulated.faults().set(1, List.of(scanAfterOneQuota()));
        RequestCount lists = RequestCount.of(simulated.requests(), LIST_QUOTAS::equals);
        RequestCount writes = RequestCount.of(simulated.requests(), OvertakingTest::isAWrite);
        try (BlockController controller = TestController.start(cluster, "--list-page-size=5")) {
            trigger.status(Names.LOCKED);
            bereft.forEach(Tenant::awaitQuota);
            bereft.forEach(Tenant::awaitLocked);
            trigger.awaitLocked();
            Eventually.holds(controller::idle);
        }

        assertThat(RequestCount.of(simulated.requests(), LIST_QUOTAS::equals).since(lists))
                .as("where to watch from and how far the server is, twice, and the pages of %d quotas", MANY - 2 + 1)
                .isEqualTo(2 * 2 + 5);
        assertThat(RequestCount.of(simulated.requests(), OvertakingTest::isAWrite)
                        .since(writes))
                .as("two marks and a quota for each that had none")
                .isEqualTo(3L * (bereft.size() + 1));
    }

    private static boolean isAWrite(String request) {
        return request.startsWith("create ") || request.startsWith("patch ") || request.startsWith("delete ");
    }

    private static Map<String, String> locked() {
        return Map.of(Names.STATUS_LABEL, Names.LOCKED, Names.APPLIED_LABEL, Names.APPLIED_LOCKED);
    }

    private List<Tenant> tenants(Map<String, String> labels) {
        return Stream.generate(() -> cluster.tenant(labels)).limit(MANY).toList();
    }

    /** Until the faults are changed. */
    private static Fault stallOneLock() {
        return Fault.of(Fault.Effect.STALL).on("create", "resourcequotas").times(1);
    }

    /** The watch of quotas ends as too old, and so all are listed. */
    private static Fault scanAfterOneQuota() {
        return Fault.of(Fault.Effect.EXPIRE_WATCH)
                .on("watch", "resourcequotas")
                .afterEvents(1)
                .times(1);
    }

    private void awaitLocksBegun(long count) {
        Eventually.holds(() -> simulated.requests().count("create", "resourcequotas") == count);
    }

    private void deleteQuota(Tenant tenant) {
        cluster.client()
                .resourceQuotas()
                .inNamespace(tenant.name())
                .withName(Names.QUOTA)
                .delete();
    }

    /** How many got their last mark after that one; each mark has a higher resourceVersion than those before it. */
    private static long lockedAfter(Tenant one, List<Tenant> others) {
        long mark = Long.parseLong(one.resourceVersion());
        return others.stream()
                .filter(other -> Long.parseLong(other.resourceVersion()) > mark)
                .count();
    }
}
