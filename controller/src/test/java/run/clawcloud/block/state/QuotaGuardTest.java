package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.time.SetClock;

class QuotaGuardTest {

    private final LockQuota expected = LockQuota.of(false);
    private final Heard heard = new Heard();
    private final Namespaces namespaces = new Namespaces(heard, new SetClock("2030-01-01T00:00:00Z"));
    private final QuotaGuard guard = new QuotaGuard(namespaces, expected);

    @BeforeEach
    void lock() {
        namespaces.changed(done("tenant", 5).build());
    }

    @Test
    void hearsWhenOurQuotaIsDeleted() {
        guard.deleted(quota(Names.QUOTA, expected.hard()));

        assertThat(heard.take()).containsExactly("tenant LIVE");
    }

    @Test
    void hearsWhenOurQuotaIsAltered() {
        guard.changed(quota(Names.QUOTA, Map.of("pods", "100")));

        assertThat(heard.take()).containsExactly("tenant LIVE");
    }

    @Test
    void isContentWithOurQuotaAsItShouldBe() {
        guard.changed(quota(Names.QUOTA, expected.hard()));

        assertThat(heard.take()).isEmpty();
    }

    @Test
    void leavesOtherQuotasToOthers() {
        guard.changed(quota("their-quota", Map.of("pods", "100")));
        guard.deleted(quota("their-quota", Map.of("pods", "100")));

        assertThat(heard.take()).isEmpty();
    }

    @Test
    void theScanCountsOnlyOurQuotaAsItShouldBe() {
        namespaces.scanBegins();
        guard.scanned(quota("their-quota", expected.hard()));
        guard.scanned(quota(Names.QUOTA, Map.of("pods", "100")));
        namespaces.scanEnds();
        assertThat(heard.take()).containsExactly("tenant DRIFT");
        namespaces.observed(done("tenant", 6).applied("locking").build(), 0);
        namespaces.observed(done("tenant", 7).build(), 0);

        namespaces.scanBegins();
        guard.scanned(quota(Names.QUOTA, expected.hard()));
        namespaces.scanEnds();
        assertThat(heard.take()).isEmpty();
    }

    private static QuotaView quota(String name, Map<String, String> hard) {
        return new QuotaView("tenant", name, 9, hard, false, true);
    }
}
