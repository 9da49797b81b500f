package run.clawcloud.block.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {

    private static final long LIMIT = 1_000L << 20;

    private final Logged log = new Logged(MemoryGuard.class);
    private final List<String> done = new ArrayList<>();
    /** Near the end of its range: the time of {@link System#nanoTime} may wrap. */
    private long time = Long.MAX_VALUE - 1_000;

    private long inUse;
    /** What a collection brings it down to. */
    private long needed;

    private final MemoryGuard guard = new MemoryGuard(
            LIMIT,
            () -> inUse,
            () -> time,
            () -> {
                done.add("collect");
                inUse = Math.min(inUse, needed);
            },
            new MemoryGuard.Relief() {
                @Override
                public void trim() {
                    done.add("trim");
                }

                @Override
                public void stopIntake() {
                    done.add("stop");
                }

                @Override
                public void resumeIntake() {
                    done.add("resume");
                }
            });

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void leavesAProcessAloneThatUsesLessThanFourFifths() {
        look(799);

        assertThat(done).isEmpty();
    }

    @Test
    void givesMemoryBackAtFourFifths() {
        needed = mb(300);

        look(800);

        assertThat(done).containsExactly("trim", "collect");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void collectsAtMostOnceAMinute() {
        needed = mb(900);
        for (int seconds = 0; seconds < 300; seconds += 5) {
            look(900);
            time += Duration.ofSeconds(5).toNanos();
        }

        assertThat(done).hasSize(2 * 5).containsOnly("trim", "collect");
    }

    @Test
    void stopsTheIntakeAtTheLimitWhenNothingElseHelps() {
        needed = mb(1_000);

        look(1_000);
        look(1_100);

        assertThat(done).containsExactly("trim", "collect", "stop");
        assertThat(log.lines())
                .containsExactly(
                        "WARN memory: 1000 MB of 1000 MB are in use; no new work is taken until there is room");
    }

    @Test
    void doesNotStopTheIntakeWhenACollectionHelps() {
        needed = mb(500);

        look(1_200);

        assertThat(done).containsExactly("trim", "collect");
    }

    @Test
    void resumesTheIntakeAsSoonAsThereIsRoom() {
        needed = mb(2_000);
        look(1_000);
        done.clear();

        look(999);
        look(500);

        assertThat(done).containsExactly("resume");
        assertThat(log.lines()).last().isEqualTo("INFO memory: 999 MB of 1000 MB are in use; work goes on");
    }

    @Test
    void stopsAndResumesByTurns() {
        Random random = new Random(5);
        needed = mb(2_000);
        boolean stopped = false;
        for (int i = 0; i < 10_000; i++) {
            long now = random.nextLong(1_500);
            look(now);
            time += Duration.ofSeconds(5).toNanos();
            done.removeIf(line -> line.equals("trim") || line.equals("collect"));
            if (now >= 1_000 != stopped) {
                stopped = !stopped;
                assertThat(done).containsExactly(stopped ? "stop" : "resume");
            } else {
                assertThat(done).isEmpty();
            }
            done.clear();
        }
    }

    @Test
    void knowsWhatThisProcessUses() {
        assertThat(MemoryGuard.residentSet()).isBetween(mb(10), mb(1 << 20));
    }

    private void look(long megabytes) {
        inUse = mb(megabytes);
        guard.look();
    }

    private static long mb(long count) {
        return count << 20;
    }
}
