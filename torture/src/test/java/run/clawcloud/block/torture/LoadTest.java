package run.clawcloud.block.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Much at once, in the size of a build; {@code ./block-controller torture load} has the full one. */
class LoadTest {

    private static final int NAMESPACES = 200;
    private static final int FLIPS_PER_SECOND = 200;
    private static final Duration FLIPPING = Duration.ofSeconds(2);
    private static final int REQUESTS = 20;
    private static final int DEPLOYMENTS = 100;

    @Test
    void manyNamespacesAreLockedAndUnlockedInOneGoUnderFaults() throws Exception {
        assertThat(Load.locksAtOnce(NAMESPACES).problems()).isEmpty();
    }

    @Test
    void ofManyChangesOfALabelTheLastOneWinsAndTheRequestsStayBounded() throws Exception {
        assertThat(Load.flips(FLIPS_PER_SECOND, FLIPPING, 10).problems()).isEmpty();
    }

    @Test
    void blockRequestsThatOverlapAndComeAndGoAtOnceLeaveNothingBehind() throws Exception {
        assertThat(Load.storm(REQUESTS).problems()).isEmpty();
    }

    @Test
    void aNamespaceWithManyDeploymentsAndTheirPodsComesBackWhole() throws Exception {
        assertThat(Load.populated(DEPLOYMENTS).problems()).isEmpty();
    }
}
