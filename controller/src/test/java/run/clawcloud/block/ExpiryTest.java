package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;

/** What follows when a lock has run out. With {@code -Dkubeconfig=FILE} on a real cluster. */
class ExpiryTest {

    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";
    private static final String LONG_AGO = "2020-01-01T00:00:00Z";

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.open();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void exactlyTheNamespacesWhoseLockHasRunOutAreDeleted() throws Exception {
        List<Tenant> due = Stream.generate(cluster::tenant).limit(3).toList();
        Tenant later = cluster.tenant();
        Tenant permanent = cluster.tenant();
        Tenant unreadable = cluster.tenant();
        Tenant zeroTime = cluster.tenant();
        Tenant active = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            due.forEach(
                    tenant -> lockedUntil(tenant, Instant.now().plusSeconds(2).toString()));
            lockedUntil(later, Instant.now().plus(Duration.ofHours(1)).toString());
            permanent.annotate(Names.LOCK_DURATION, "permanent");
            permanent.status("locked");
            lockedUntil(unreadable, "next week");
            lockedUntil(zeroTime, "0001-01-01T00:00:00Z");
            active.status("active");

            due.forEach(Tenant::awaitGone);
            Stream.of(later, permanent, unreadable, zeroTime).forEach(Tenant::awaitLocked);
            unreadable.awaitEvent("UnlockTimestampUnreadable");
            zeroTime.awaitEvent("UnlockTimestampUnreadable");
        }
        assertThat(Stream.of(later, permanent, unreadable, zeroTime, active)).allMatch(Tenant::lives);
    }

    @Test
    void aLockThatRanOutWhileNobodyLookedIsFoundAtStart() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster)) {
            tenant.status("locked");
            tenant.awaitLocked();
        }
        tenant.annotate(Names.UNLOCK_TIMESTAMP, LONG_AGO);
        try (BlockController _ = TestController.start(cluster)) {
            tenant.awaitGone();
        }
    }

    @Test
    void unlockAsExpirationActionOpensTheNamespaceAgain() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 2);
        try (BlockController _ = TestController.start(cluster, "--expiration-action=unlock")) {
            tenant.status("locked");
            tenant.awaitLocked();
            tenant.annotate(Names.UNLOCK_TIMESTAMP, LONG_AGO);
            tenant.awaitUnlocked();
            assertThat(tenant.label(Names.STATUS_LABEL)).isEqualTo("active");
            assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(2);
        }
    }

    @Test
    void noneAsExpirationActionLeavesTheNamespaceLocked() throws Exception {
        Tenant tenant = cluster.tenant();
        Tenant after = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--expiration-action=none")) {
            lockedUntil(tenant, LONG_AGO);
            tenant.awaitLocked();
            after.status("locked");
            after.awaitLocked();
            assertThat(tenant.lives()).isTrue();
        }
    }

    @Test
    void theGracePeriodDelaysTheDeletionAndIsAnnounced() throws Exception {
        Tenant tenant = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--expiration-grace-period=1h")) {
            lockedUntil(tenant, Instant.now().plusSeconds(2).toString());
            tenant.awaitEvent("GracePeriodBegun");
            assertThat(tenant.lives()).isTrue();
        }
    }

    @Test
    void aProtectedNamespaceIsNeitherLockedNorDeleted() throws Exception {
        Tenant tenant = cluster.tenant();
        tenant.deployment("web", 1);
        var before = tenant.objects();
        Tenant after = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--protected-namespaces=" + tenant.name())) {
            lockedUntil(tenant, Instant.now().plusSeconds(1).toString());
            tenant.awaitEvent("LockRefused");
            lockedUntil(after, Instant.now().plusSeconds(3).toString());
            after.awaitGone();
        }
        assertThat(tenant.lives()).isTrue();
        assertThat(tenant.label(Names.APPLIED_LABEL)).isNull();
        assertThat(tenant.objects()).isEqualTo(before);
    }

    @Test
    void noMoreAreDeletedInAMinuteThanAllowed() throws Exception {
        List<Tenant> due = Stream.generate(cluster::tenant).limit(6).toList();
        Tenant other = cluster.tenant();
        try (BlockController _ = TestController.start(cluster, "--max-deletions-per-minute=2")) {
            due.forEach(tenant -> lockedUntil(tenant, LONG_AGO));
            Eventually.holds(() -> terminating(due) == 2);
            // All were due before this one was locked, and none of them was forgotten over it.
            other.status("locked");
            other.awaitLocked();
            assertThat(terminating(due)).isEqualTo(2);
        }
    }

    private static long terminating(List<Tenant> tenants) {
        return tenants.stream().filter(tenant -> !tenant.lives()).count();
    }

    private static void lockedUntil(Tenant tenant, String timestamp) {
        tenant.annotate(Names.UNLOCK_TIMESTAMP, timestamp);
        tenant.status("locked");
    }
}
