package run.clawcloud.block.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private static Waiting waiting(Duration timeout, Runnable requireAlive) {
        Progress progress = new Progress(new PrintStream(new ByteArrayOutputStream(), true, UTF_8), false);
        return new Waiting(progress, timeout, requireAlive);
    }

    @Test
    void givesUpWhenNothingMoves() throws InterruptedException {
        assertThat(waiting(AT_ONCE, () -> {}).until("phase", 5, () -> 3)).isFalse();
    }

    @Test
    void goesOnWhileSomethingMoves() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        assertThat(waiting(LONG, () -> {}).until("phase", 5, count::incrementAndGet))
                .isTrue();
    }

    @Test
    void endsWithTheProcessThatIsWaitedFor() {
        Waiting waiting = waiting(LONG, () -> {
            throw new HarnessException("the controller has ended");
        });
        assertThatThrownBy(() -> waiting.until("phase", 5, () -> 3)).hasMessage("the controller has ended");
    }

    @Test
    void looksAgainAtWhatWasNotYetRightAndOnlyAtThat() throws InterruptedException {
        Map<String, Integer> looks = new ConcurrentHashMap<>();
        Map<String, List<String>> wrong = waiting(LONG, () -> {}).settle("phase", List.of("a", "b"), name -> {
            int look = looks.merge(name, 1, Integer::sum);
            return name.equals("b") && look == 1 ? List.of("not yet") : List.of();
        });
        assertThat(wrong).isEmpty();
        assertThat(looks).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1, "b", 2));
    }

    @Test
    void reportsWhatStaysWrong() throws InterruptedException {
        Map<String, List<String>> wrong = waiting(AT_ONCE, () -> {})
                .settle("phase", List.of("a", "b"), name -> name.equals("b") ? List.of("broken") : List.of());
        assertThat(wrong).containsOnly(Map.entry("b", List.of("broken")));
    }
}
