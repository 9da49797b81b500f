package run.clawcloud.block.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {

    private static final int LIMIT = 1_000;
    /** Nine tenths of it, 360 MB, count as full. */
    private static final int HEAP_LIMIT = 400;

    private final Logged log = new Logged(MemoryGuard.class);
    private final List<String> done = new ArrayList<>();
    /** Near the end of its range: the time of {@link System#nanoTime} may wrap. */
    private long time = Long.MAX_VALUE - 1_000;

    // All in MB.
    private long rss;
    /** What a collection brings it down to. */
    private long rssNeeded = Long.MAX_VALUE;

    private long heap;
    private long heapLeft;
    private long heapLeftByLastCollection;

    private final ProcessMemory memory = new ProcessMemory() {
        @Override
        public long residentSet() {
            return mb(rss);
        }

        @Override
        public long heap() {
            return mb(heap);
        }

        @Override
        public long heapNeeded() {
            return mb(heapLeftByLastCollection);
        }

        @Override
        public long heapLimit() {
            return mb(HEAP_LIMIT);
        }
    };

    private final MemoryGuard guard = new MemoryGuard(mb(LIMIT), memory, () -> time, new MemoryGuard.Relief() {
        @Override
        public void trim() {
            done.add("trim");
        }

        @Override
        public void collect() {
            done.add("collect");
            rss = Math.min(rss, rssNeeded);
            heap = Math.min(heap, heapLeft);
            heapLeftByLastCollection = heap;
        }

        @Override
        public void take(Intake intake) {
            done.add(intake.name());
        }
    });

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void leavesAProcessAloneThatUsesLessThanFourFifths() {
        rss(799);
        heap(7, 7);

        assertThat(done).isEmpty();
        assertThat(guard.intake()).isEqualTo(Intake.FULL);
    }

    @Test
    void givesMemoryBackAtFourFifths() {
        rssNeeded = 300;

        rss(800);

        assertThat(done).containsExactly("trim", "collect");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void collectsAtMostOnceAMinute() {
        for (int seconds = 0; seconds < 300; seconds++) {
            rss(900);
            time += Duration.ofSeconds(1).toNanos();
        }

        assertThat(done.stream().filter("collect"::equals)).hasSize(5);
        assertThat(done.stream().filter("trim"::equals)).hasSize(5);
    }

    @Test
    void slowsTheIntakeWhenThatDoesNotHelp() {
        rss(800);
        rss(900);

        assertThat(done).containsExactly("trim", "collect", "SLOWED");
        assertThat(guard.intake()).isEqualTo(Intake.SLOWED);
        assertThat(log.lines())
                .containsExactly("INFO memory: 800 of 1000 MB are in use, and 0 of 400 MB of the heap needed;"
                        + " until there is room, new work is taken by a quarter of the workers");
    }

    @Test
    void stopsTheIntakeAtTheLimit() {
        rss(1_000);
        rss(1_100);

        assertThat(done).containsExactly("trim", "collect", "STOPPED");
        assertThat(log.lines())
                .containsExactly("WARN memory: 1000 of 1000 MB are in use, and 0 of 400 MB of the heap needed;"
                        + " no new work is taken until there is room. If this stays so, give the process more with"
                        + " --max-memory-mb");
    }

    @Test
    void doesNotStopTheIntakeWhenACollectionHelps() {
        rssNeeded = 500;

        rss(1_200);

        assertThat(done).containsExactly("trim", "collect");
    }

    @Test
    void aHeapThatIsFullOfGarbageIsCollected() {
        heap(399, 100);

        assertThat(done).containsExactly("trim", "collect");
        assertThat(guard.intake()).isEqualTo(Intake.FULL);
    }

    @Test
    void aHeapThatIsNeededSlowsAndStopsTheIntakeLongBeforeTheLimitOfTheProcess() {
        heap(288, 288);
        assertThat(guard.intake()).isEqualTo(Intake.SLOWED);

        time += Duration.ofMinutes(1).toNanos();
        heap(360, 360);

        assertThat(guard.intake()).isEqualTo(Intake.STOPPED);
        assertThat(log.lines())
                .last()
                .isEqualTo("WARN memory: 0 of 1000 MB are in use, and 360 of 400 MB of the heap needed;"
                        + " no new work is taken until there is room. If this stays so, give the heap more with"
                        + " -Xmx, in BLOCK_JAVA_OPTS, or in _JAVA_OPTIONS in a container");
    }

    @Test
    void garbageIsCollectedWhenThereIsMuchOfItHoweverOften() {
        heap(32, 10);
        heap(41, 10);
        assertThat(done).containsExactly("collect");

        heap(42, 10);
        heap(42, 10);

        assertThat(done).containsExactly("collect", "collect", "collect");
    }

    @Test
    void garbageIsLeftAloneUntilThereIsAsMuchAsIsNeeded() {
        heap(150, 100);
        heap(199, 100);
        assertThat(done).containsExactly("collect");

        heap(200, 100);

        assertThat(done).containsExactly("collect", "collect");
    }

    @Test
    void aLittleGarbageIsCollectedOnceAMinute() {
        for (int seconds = 0; seconds < 180; seconds++) {
            heap(18, 10);
            time += Duration.ofSeconds(1).toNanos();
        }
        heap(17, 10);

        assertThat(done).containsExactly("collect", "collect", "collect");
    }

    @Test
    void garbageThatComesBetweenTwoCollectionsHoldsUpNothing() {
        heap(399, 200);
        heap(399, 200);

        assertThat(guard.intake()).isEqualTo(Intake.FULL);
    }

    @Test
    void garbageDoesNotStopTheIntakeHoweverShortTheProcessIs() {
        rssNeeded = 700;
        heap = 60;
        heapLeft = 10;
        rss(850);
        assertThat(done).containsExactly("trim", "collect");

        heap = 50;
        rss(1_100);
        time += Duration.ofSeconds(5).toNanos();
        heap = 20;
        rss(1_100);

        assertThat(done).containsExactly("trim", "collect", "collect", "collect");
        assertThat(guard.intake()).isEqualTo(Intake.FULL);
    }

    /** What is needed is known from the last collection alone, and there may be no garbage that calls for another. */
    @Test
    void whatWasNeededIsLookedAtAgainWhileTheIntakeIsSlowed() {
        heap(288, 288);
        assertThat(guard.intake()).isEqualTo(Intake.SLOWED);

        time += Duration.ofMinutes(1).toNanos();
        heap(286, 100);

        assertThat(guard.intake()).isEqualTo(Intake.FULL);
    }

    @Test
    void goesOnStepByStepWhenThereIsClearlyRoom() {
        rss(1_000);
        done.clear();

        rss(950);
        assertThat(done).isEmpty();
        rss(949);
        rss(750);
        assertThat(done).containsExactly("SLOWED");
        rss(749);

        assertThat(done).containsExactly("SLOWED", "FULL");
        assertThat(log.lines())
                .endsWith(
                        "INFO memory: 949 of 1000 MB are in use, and 0 of 400 MB of the heap needed;"
                                + " new work is taken by a quarter of the workers",
                        "INFO memory: 749 of 1000 MB are in use, and 0 of 400 MB of the heap needed;"
                                + " work goes on as usual");
    }

    @Test
    void goesOnAtOnceWhenAllIsGivenBack() {
        rss(2_000);
        rss(100);

        assertThat(done).endsWith("STOPPED", "FULL");
    }

    /** A limit that is too small holds up all work for ever: whoever looks into the log hears of it. */
    @Test
    void remindsOnceAMinuteThatNothingIsTaken() {
        for (int seconds = 0; seconds < 180; seconds++) {
            rss(1_000);
            time += Duration.ofSeconds(1).toNanos();
        }

        assertThat(log.lines()).hasSize(3).allMatch(line -> line.contains("give the process more"));
        assertThat(done.stream().filter("STOPPED"::equals)).hasSize(1);
    }

    @Test
    void takesNothingAtTheLimitAndEverythingFarBelowWhateverHappenedBefore() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            boolean stoppedBefore = guard.intake() == Intake.STOPPED;
            rss(random.nextLong(1_500));
            time += Duration.ofSeconds(1).toNanos();

            assertThat(guard.intake() == Intake.STOPPED).isEqualTo(rss >= (stoppedBefore ? 950 : 1_000));
            if (rss < 750) {
                assertThat(guard.intake()).isEqualTo(Intake.FULL);
            }
        }
    }

    @Test
    void knowsWhatThisProcessUses() {
        ProcessMemory real = ProcessMemory.ofThisJvm();
        System.gc();

        assertThat(real.residentSet()).isBetween(mb(10), mb(1 << 20));
        assertThat(real.heap()).isBetween(mb(1), real.heapLimit());
        assertThat(real.heapNeeded()).isBetween(mb(1), real.heapLimit());
    }

    @Test
    void aQuarterOfTheWorkersIsAtLeastOne() {
        assertThat(Intake.SLOWED.of(20)).isEqualTo(5);
        assertThat(Intake.SLOWED.of(5)).isEqualTo(2);
        assertThat(Intake.SLOWED.of(1)).isEqualTo(1);
        assertThat(Intake.FULL.of(20)).isEqualTo(20);
        assertThat(Intake.STOPPED.of(20)).isZero();
    }

    private void rss(long megabytes) {
        rss = megabytes;
        guard.look();
    }

    private void heap(long megabytes, long afterCollection) {
        heap = megabytes;
        heapLeft = afterCollection;
        guard.look();
    }

    private static long mb(long count) {
        return count << 20;
    }
}
