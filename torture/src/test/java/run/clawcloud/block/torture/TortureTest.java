package run.clawcloud.block.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import run.clawcloud.block.torture.SeedTrial.Result;

/** Faults, people in the way and crashes, from seeds. */
class TortureTest {

    private static final int SEEDS = 72;

    @Test
    void whateverGoesWrongTheEndIsWhatTheLabelsSay() throws Exception {
        Result result = SeedSweep.run(1, SEEDS, problem -> {});
        assertThat(result.problems()).isEmpty();
        assertThat(result.faults()).isPositive();
        assertThat(result.restarts()).isPositive();
    }
}
