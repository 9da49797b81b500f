package run.clawcloud.block.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.harness.HarnessException;

class ProcessStatusTest {
    private static final String STATUS = """
            Name:\tjava
            VmPeak:\t 4699576 kB
            VmHWM:\t  146300 kB
            VmRSS:\t  146228 kB
            Threads:\t26
            """;

    /** The name of the program holds what separates fields. */
    private static final String STAT =
            "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 26 0 99 1 2";

    @Test
    void readsMemoryThreadsAndTime() {
        ProcessStatus status = ProcessStatus.parse(STATUS, STAT);
        assertThat(status.rss()).isEqualTo(146_228L * 1024);
        assertThat(status.peakRss()).isEqualTo(146_300L * 1024);
        assertThat(status.threads()).isEqualTo(26);
        assertThat(status.cpu()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void looksAtARealProcess() {
        ProcessStatus status = ProcessStatus.of(ProcessHandle.current().pid());
        assertThat(status.rss()).isPositive().isLessThanOrEqualTo(status.peakRss());
        assertThat(status.threads()).isGreaterThan(1);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> ProcessStatus.of(Long.MAX_VALUE))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining(Long.toString(Long.MAX_VALUE));
        assertThatThrownBy(() -> ProcessStatus.parse("Name:\tjava\n", STAT)).hasMessageContaining("VmRSS");
    }

    @Test
    void readsTheThreadsThatJavaCounts() {
        assertThat(JavaThreads.parse("1:\njava.threads.live=19\njava.threads.livePeak=21\n"))
                .isEqualTo(new JavaThreads(19, 21));
        assertThatThrownBy(() -> JavaThreads.parse("no such process"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("no such process");
    }
}
