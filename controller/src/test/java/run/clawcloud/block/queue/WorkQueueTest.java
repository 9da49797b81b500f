package run.clawcloud.block.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.time.Backoff;

class WorkQueueTest {

    /** The time of the queue: it stands still unless a test moves it. */
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);

    private final List<String> worked = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    private final WorkListener<String> listener = new WorkListener<>() {
        @Override
        public void threw(String key, Throwable cause) {
            thrown.add(cause);
        }
    };
    private final WorkQueue<String> queue = queue(1);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void worksInTheOrderOfPriorities() {
        queue.add("drift", Priority.DRIFT);
        queue.add("backlog", Priority.BACKLOG);
        queue.add("live", Priority.LIVE);
        queue.add("drift", Priority.RETRY);
        assertThat(queue.depth(Priority.RETRY)).isOne();
        assertThat(queue.idle()).isFalse();

        queue.start(this::work);

        await().until(queue::idle);
        assertThat(worked).containsExactly("live", "drift", "backlog");
    }

    @Test
    void worksOnSoManyAtOnceAndNoMore() {
        try (WorkQueue<String> three = queue(3)) {
            CountDownLatch release = new CountDownLatch(1);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            for (int i = 0; i < 50; i++) {
                three.add("key-" + i, Priority.LIVE);
            }
            three.start(key -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                release.await();
                now.decrementAndGet();
                return work(key);
            });

            await().until(() -> three.running() == 3);
            assertThat(three.depth(Priority.LIVE)).isEqualTo(47);
            release.countDown();
            await().until(three::idle);
            assertThat(worked).hasSize(50);
            assertThat(most).hasValue(3);
        }
    }

    @Test
    void worksOnVirtualThreads() {
        AtomicBoolean virtual = new AtomicBoolean();
        try (WorkQueue<String> byTheSystemsClock =
                new WorkQueue<>(1, new Backoff(RandomGenerator.getDefault()), listener)) {
            byTheSystemsClock.addAfter("a", Priority.LIVE, Duration.ofNanos(1));
            byTheSystemsClock.start(key -> {
                virtual.set(Thread.currentThread().isVirtual());
                return work(key);
            });

            await().until(() -> worked.contains("a"));
        }
        assertThat(virtual).isTrue();
    }

    @Test
    void aDelayedKeyWaitsForItsTime() {
        queue.start(this::work);
        queue.addAfter("later", Priority.LIVE, Duration.ofMinutes(1));
        queue.addAfter("never", Priority.LIVE, Duration.ofSeconds(Long.MAX_VALUE));
        queue.addAfter("now", Priority.DRIFT, Duration.ofSeconds(Long.MIN_VALUE));

        await().until(() -> worked.contains("now"));
        pass(Duration.ofSeconds(59));
        queue.add("second", Priority.DRIFT);
        await().until(() -> worked.contains("second"));
        assertThat(queue.delayed()).isEqualTo(2);

        pass(Duration.ofSeconds(1));
        await().until(() -> worked.contains("later"));
        await().until(queue::idle);
        assertThat(worked).containsExactly("now", "second", "later");
        assertThat(queue.delayed()).isOne();
    }

    /** However long the queue has been there: it looks again when the first key's time has come. */
    @Test
    void aDelayedKeyNeedsNobodyToWakeTheQueue() {
        queue.start(this::work);
        time.addAndGet(Duration.ofDays(1).toNanos());

        queue.addAfter("later", Priority.LIVE, Duration.ofMillis(1));
        time.addAndGet(Duration.ofMillis(1).toNanos());

        awaitWorked(1);
    }

    @Test
    void aKeyWhoseTimeHasComeIsNoLongerDelayed() {
        queue.addAfter("later", Priority.LIVE, Duration.ofMinutes(1));
        assertThat(queue.delayed()).isOne();

        time.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(queue.delayed()).isZero();
        assertThat(queue.depth(Priority.LIVE)).isOne();
    }

    @Test
    void aWorkerMayAskForAnotherTime() {
        queue.start(key -> {
            work(key);
            return worked.size() < 3 ? Outcome.again(Duration.ofSeconds(10), Priority.DRIFT) : Outcome.done();
        });
        queue.add("a", Priority.LIVE);

        for (int times = 1; times < 3; times++) {
            awaitWorked(times);
            await().until(() -> queue.delayed() == 1);
            pass(Duration.ofSeconds(10));
        }
        awaitWorked(3);
        await().until(queue::idle);
        assertThat(queue.delayed()).isZero();
    }

    @Test
    void aFailedKeyRestsTwiceAsLongEachTimeUntilItWorks() {
        AtomicBoolean works = new AtomicBoolean();
        queue.start(key -> {
            work(key);
            return works.get() ? Outcome.done() : Outcome.failed();
        });
        queue.add("a", Priority.LIVE);
        for (int failures = 1; failures <= 5; failures++) {
            awaitResting(failures);
            passAllBut(failures);
            assertThat(queue.delayed()).as("after failure " + failures).isOne();
            pass(Duration.ofSeconds(1L << (failures - 1)));
        }
        awaitResting(6);
        works.set(true);
        pass(Duration.ofMinutes(1));
        await().until(() -> queue.idle() && queue.delayed() == 0);

        works.set(false);
        queue.add("a", Priority.LIVE);
        awaitResting(8);
        pass(Duration.ofMillis(1_200));
        awaitResting(9);
    }

    @Test
    void aFailedKeyThatIsAddedIsWorkedOnAtOnceAndItsFailuresStillCount() {
        queue.start(key -> {
            work(key);
            return Outcome.failed();
        });
        for (int failures = 1; failures <= 4; failures++) {
            queue.add("a", Priority.LIVE);
            awaitResting(failures);
        }

        passAllBut(4);
        assertThat(queue.delayed()).isOne();
        assertThat(worked).hasSize(4);
    }

    @Test
    void aForgottenKeyIsNotTriedAgain() {
        queue.start(key -> {
            work(key);
            return Outcome.failed();
        });
        queue.add("a", Priority.LIVE);
        awaitResting(1);

        queue.forget("a");

        assertThat(queue.delayed()).isZero();
        queue.add("a", Priority.LIVE);
        awaitResting(2);
        pass(Duration.ofMillis(1_200));
        awaitResting(3);
    }

    @Test
    void whateverAWorkerThrowsIsAFailureOfThatKeyOnly() {
        queue.start(key -> {
            work(key);
            return switch (key) {
                case "exception" -> throw new IllegalStateException("thrown by the test");
                case "error" -> throw new StackOverflowError("thrown by the test");
                case "interrupted" -> throw new InterruptedException("thrown by the test");
                default -> Outcome.done();
            };
        });
        for (String key : List.of("exception", "error", "interrupted", "good")) {
            queue.add(key, Priority.LIVE);
        }

        await().until(queue::idle);
        assertThat(worked).containsExactly("exception", "error", "interrupted", "good");
        assertThat(queue.delayed()).isEqualTo(3);
        assertThat(thrown).hasExactlyElementsOfTypes(IllegalStateException.class, StackOverflowError.class);
        pass(Duration.ofMinutes(1));
        awaitWorked(7);
    }

    @Test
    void aListenerThatThrowsLosesNothing() {
        AtomicInteger calls = new AtomicInteger();
        WorkListener<String> bad = new WorkListener<>() {
            @Override
            public void started(String key, Priority priority, long waitedNanos) {
                if (calls.incrementAndGet() == 1) {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, cause) -> thrown.add(cause));
                    throw new IllegalStateException("thrown by the test");
                }
            }
        };
        try (WorkQueue<String> deaf = queue(1, bad)) {
            deaf.start(this::work);
            deaf.add("a", Priority.LIVE);
            await().until(() -> deaf.delayed() == 1 && thrown.size() == 1);
            deaf.add("a", Priority.LIVE);
            awaitWorked(1);
        }
    }

    /** Nobody would be told that no key is worked on any more. */
    @Test
    void theListenerHearsThatNothingCanBeHandedOutAnyMore() {
        WorkListener<String> mourning = new WorkListener<>() {
            @Override
            public void died(Throwable cause) {
                thrown.add(cause);
            }
        };
        try (WorkQueue<String> doomed = new WorkQueue<>(
                1,
                time::get,
                new Backoff(new Random(1)),
                _ -> {
                    throw new OutOfMemoryError("thrown by the test");
                },
                mourning)) {
            doomed.start(this::work);
            doomed.add("a", Priority.LIVE);

            await().until(() -> !thrown.isEmpty());
        }
        assertThat(thrown).hasExactlyElementsOfTypes(OutOfMemoryError.class);
    }

    @Test
    void theListenerHearsHowLongAKeyWaitedAndTook() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        WorkListener<String> recording = new WorkListener<>() {
            @Override
            public void started(String key, Priority priority, long waitedNanos) {
                heard.add(key + " " + priority + " waited " + waitedNanos);
            }

            @Override
            public void finished(String key, Outcome outcome, long tookNanos) {
                heard.add(key + " " + outcome + " took " + tookNanos);
            }
        };
        try (WorkQueue<String> measured = queue(1, recording)) {
            time.addAndGet(3);
            measured.add("a", Priority.BACKLOG);
            time.addAndGet(7);
            measured.start(key -> {
                time.addAndGet(11);
                return work(key);
            });
            await().until(() -> heard.size() == 2);
        }
        assertThat(heard).containsExactly("a BACKLOG waited 7", "a Done[] took 11");
    }

    @Test
    void nothingIsHandedOutWhileNothingMayBeWorkedOn() {
        CountDownLatch release = new CountDownLatch(1);
        queue.start(key -> {
            release.await();
            return work(key);
        });
        queue.add("a", Priority.LIVE);
        await().until(() -> queue.running() == 1);

        queue.limit(0);
        queue.add("b", Priority.LIVE);
        release.countDown();
        await().until(() -> queue.running() == 0);
        queue.add("c", Priority.LIVE);
        assertThat(worked).containsExactly("a");
        assertThat(queue.depth(Priority.LIVE)).isEqualTo(2);

        queue.limit(1);
        await().until(queue::idle);
        assertThat(worked).containsExactly("a", "b", "c");
    }

    @Test
    void fewerAreWorkedOnAtOnceWhileThereIsALimitAndAsManyAsEverAfterwards() {
        try (WorkQueue<String> three = queue(3)) {
            Semaphore release = new Semaphore(0);
            three.limit(1);
            three.start(key -> {
                release.acquire();
                return work(key);
            });
            for (int i = 0; i < 6; i++) {
                three.add("key-" + i, Priority.LIVE);
            }
            await().until(() -> three.running() == 1);
            release.release();
            await().until(() -> worked.size() == 1 && three.running() == 1);
            assertThat(three.depth(Priority.LIVE)).isEqualTo(4);

            three.limit(100);
            await().until(() -> three.running() == 3);
            assertThat(three.depth(Priority.LIVE)).isEqualTo(2);
            release.release(5);
            await().until(three::idle);
            assertThat(worked).hasSize(6);
        }
    }

    @Test
    void shutdownWaitsForWhatIsWorkedOnAndHandsOutNoMore() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean allEnded = new AtomicBoolean();
        queue.start(key -> {
            release.await();
            return work(key);
        });
        queue.add("a", Priority.LIVE);
        queue.add("b", Priority.LIVE);
        await().until(() -> queue.running() == 1);
        Thread shutdown = Thread.ofPlatform().start(() -> {
            try {
                allEnded.set(queue.shutdown(Duration.ofMinutes(1)));
            } catch (InterruptedException e) {
                thrown.add(e);
            }
        });
        await().until(() -> shutdown.getState() == Thread.State.TIMED_WAITING);

        release.countDown();
        shutdown.join();

        assertThat(allEnded).isTrue();
        assertThat(worked).containsExactly("a");
        assertThat(queue.running()).isZero();
        assertThat(queue.depth(Priority.LIVE)).isOne();
    }

    @Test
    void shutdownInterruptsWhatDoesNotEnd() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        queue.start(key -> {
            try {
                never.await();
                return Outcome.done();
            } finally {
                interrupted.countDown();
            }
        });
        queue.add("a", Priority.LIVE);
        await().until(() -> queue.running() == 1);

        assertThat(queue.shutdown(Duration.ofMillis(1))).isFalse();
        interrupted.await();
        await().until(() -> queue.running() == 0);
    }

    @Test
    void shutdownOfAnIdleQueueIsAtOnceAndFinal() throws InterruptedException {
        queue.start(this::work);

        assertThat(queue.shutdown(Duration.ZERO)).isTrue();
        queue.add("a", Priority.LIVE);
        queue.limit(1);
        assertThat(queue.shutdown(Duration.ZERO)).isTrue();
        assertThat(worked).isEmpty();
    }

    @Test
    void startsOnce() {
        queue.start(this::work);

        assertThatThrownBy(() -> queue.start(this::work)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Many adders and workers: each key's work sees every wish that came before it, and never meets itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void nothingIsLostAndNoKeyIsWorkedOnTwiceAtOnce(int concurrency) throws InterruptedException {
        int keys = 40;
        List<Priority> priorities = List.of(Priority.values());
        AtomicIntegerArray wished = new AtomicIntegerArray(keys);
        AtomicIntegerArray seen = new AtomicIntegerArray(keys);
        AtomicIntegerArray inside = new AtomicIntegerArray(keys);
        Map<Integer, String> wrong = new ConcurrentHashMap<>();
        Backoff backoff = new Backoff(Duration.ofNanos(1), Duration.ofNanos(1_000), RandomGenerator.getDefault());
        try (WorkQueue<Integer> tested = new WorkQueue<>(concurrency, backoff, new WorkListener<>() {})) {
            tested.start(key -> {
                if (inside.incrementAndGet(key) != 1) {
                    wrong.put(key, "worked on twice at once");
                }
                int wishes = wished.get(key);
                LockSupport.parkNanos(1);
                int dice = ThreadLocalRandom.current().nextInt(8);
                if (dice > 2) {
                    seen.set(key, wishes);
                }
                inside.decrementAndGet(key);
                return switch (dice) {
                    case 0 -> Outcome.failed();
                    case 1 -> Outcome.again(Duration.ofNanos(100), Priority.DRIFT);
                    case 2 -> throw new IllegalStateException("thrown by the test");
                    default -> Outcome.done();
                };
            });
            List<Thread> adders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(i);
                adders.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 5_000; n++) {
                        int key = random.nextInt(keys);
                        wished.incrementAndGet(key);
                        tested.addAfter(
                                key, priorities.get(random.nextInt(4)), Duration.ofNanos(random.nextInt(1_000)));
                    }
                }));
            }
            for (Thread adder : adders) {
                adder.join();
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> sum(seen) == sum(wished));
            for (int key = 0; key < keys; key++) {
                assertThat(seen.get(key)).isEqualTo(wished.get(key));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private WorkQueue<String> queue(int concurrency) {
        return queue(concurrency, listener);
    }

    private WorkQueue<String> queue(int concurrency, WorkListener<String> heard) {
        return new WorkQueue<>(
                concurrency,
                time::get,
                new Backoff(new Random(1)),
                Thread.ofVirtual().factory(),
                heard);
    }

    private Outcome work(String key) {
        worked.add(key);
        return Outcome.done();
    }

    private void awaitWorked(int times) {
        await().until(() -> worked.size() == times);
    }

    private void awaitResting(int times) {
        await().until(() -> worked.size() == times && queue.running() == 0 && queue.delayed() == 1);
    }

    /** Moves the clock; a limit makes the queue look at it. */
    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
        queue.limit(1);
    }

    /** Lets less time pass than a key has to rest after so many failures in a row, but nearly as much. */
    private void passAllBut(int failures) {
        pass(Duration.ofMillis(799L << (failures - 1)));
    }

    private static int sum(AtomicIntegerArray array) {
        int sum = 0;
        for (int i = 0; i < array.length(); i++) {
            sum += array.get(i);
        }
        return sum;
    }
}
