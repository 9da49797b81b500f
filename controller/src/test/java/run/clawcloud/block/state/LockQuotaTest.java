package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.QuotaView;

class LockQuotaTest {

    private final LockQuota quota = LockQuota.of(false);

    @Test
    void closesWhatTheContractNames() {
        assertThat(quota.hard())
                .containsOnlyKeys(
                        "pods",
                        "services",
                        "replicationcontrollers",
                        "secrets",
                        "configmaps",
                        "persistentvolumeclaims",
                        "services.nodeports",
                        "services.loadbalancers",
                        "requests.cpu",
                        "requests.memory",
                        "limits.cpu",
                        "limits.memory");
        assertThat(quota.hard().values()).containsOnly("0");
    }

    @Test
    void closesStorageOnlyWhenAsked() {
        Map<String, String> expected = new HashMap<>(quota.hard());
        expected.put("requests.storage", "0");

        assertThat(LockQuota.of(true).hard()).isEqualTo(expected);
    }

    @Test
    void holdsWhenItIsAsItWasMade() {
        assertThat(quota.holds(standing(quota.hard(), false, true))).isTrue();
    }

    @Test
    void doesNotHoldWhenAnyLimitIsRaisedGoneOrAdded() {
        for (String resource : quota.hard().keySet()) {
            Map<String, String> raised = new HashMap<>(quota.hard());
            raised.put(resource, "1");
            assertThat(quota.holds(standing(raised, false, true))).as(resource).isFalse();
            raised.remove(resource);
            assertThat(quota.holds(standing(raised, false, true))).as(resource).isFalse();
        }
        assertThat(quota.holds(standing(LockQuota.of(true).hard(), false, true)))
                .isFalse();
        assertThat(quota.holds(standing(Map.of(), false, true))).isFalse();
    }

    @Test
    void doesNotHoldWhenItIsNarrowedByScopesOrNotKnownAsOurs() {
        assertThat(quota.holds(standing(quota.hard(), true, true))).isFalse();
        assertThat(quota.holds(standing(quota.hard(), false, false))).isFalse();
    }

    private static QuotaView standing(Map<String, String> hard, boolean scoped, boolean labelled) {
        return new QuotaView("tenant", Names.QUOTA, 7, hard, scoped, labelled);
    }
}
