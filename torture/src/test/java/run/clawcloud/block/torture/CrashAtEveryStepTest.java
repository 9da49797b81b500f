package run.clawcloud.block.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import run.clawcloud.block.torture.CrashTrial.Result;

/** Wherever a controller is killed, the next one ends where it would have. */
class CrashAtEveryStepTest {

    /** The workloads' requests alone: two for each of the six kinds that are scaled, in each of the five flows. */
    private static final int FEWEST = 60;

    @Test
    void aCrashBeforeOrAfterAnyRequestOfAnyFlowChangesNothingInTheEnd() throws Exception {
        Result result = CrashSweep.run(CrashSweep.everyFlow());
        assertThat(result.problems()).isEmpty();
        assertThat(result.crashes()).isEqualTo(result.requests()).isGreaterThan(FEWEST);
    }

    @Test
    void soItIsInTheMiddleOfABlockRequestOfFiftyNamespaces() throws Exception {
        Result result = CrashSweep.run(CrashSweep.manyTargets(50, 211));
        assertThat(result.problems()).isEmpty();
        assertThat(result.crashes()).isPositive();
    }
}
