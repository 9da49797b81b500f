package run.clawcloud.block.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.FlowSettings.ExpirationAction;
import run.clawcloud.block.state.Deadline;

/**
 * A clock that jumps, and people who change label and timestamp at any moment, the last one included: whatever the
 * order, a namespace is deleted only while it says that it is locked and that its end has come, and in no minute more
 * often than is allowed.
 */
class ExpiryPropertyTest {

    private static final Instant EPOCH = Instant.EPOCH;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The namespace as it is deleted, and the moment on the clock. */
    private record Deletion(ViewBuilder namespace, Instant at, Duration grace) {
        private boolean isDue() {
            return namespace.build().unlockTimestamp() != null
                    && "locked".equals(namespace.build().status())
                    && Deadline.parse(namespace.build().unlockTimestamp()) instanceof Deadline.At(var end)
                    && !at.isBefore(end.plus(grace));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingIsDeletedButWhatIsLockedAndHasRunOutAtThatMoment(long seed) throws Exception {
        Random random = new Random(seed);
        int deletions = 0;
        for (int run = 0; run < 1_500; run++) {
            Duration grace = random.nextInt(3) == 0 ? Duration.ofHours(random.nextInt(1, 48)) : Duration.ZERO;
            FlowHarness flows = new FlowHarness(
                    done("tenant", 5).until(timestamp(random)), FlowHarness.A_WEEK, ExpirationAction.DELETE, grace, 60);
            for (int step = 0; step < 12 && !flows.cluster.view().terminating(); step++) {
                if (random.nextInt(3) == 0) {
                    flows.cluster.once(
                            random.nextBoolean() ? "get namespace" : "delete namespace", () -> change(flows, random));
                }
                step(flows, random, grace);
                if (flows.cluster.view().terminating()) {
                    deletions++;
                    Deletion deletion =
                            new Deletion(new ViewBuilder(flows.cluster.view()), flows.clock.instant(), grace);
                    assertThat(deletion).as("seed %d, run %d", seed, run).matches(Deletion::isDue);
                }
            }
        }
        assertThat(deletions).isGreaterThan(100);
    }

    private static void step(FlowHarness flows, Random random, Duration grace) throws InterruptedException {
        switch (random.nextInt(5)) {
            case 0 -> flows.clock.move(jump(random));
            case 1 -> change(flows, random);
            case 2 -> flows.namespaces.changed(flows.cluster.view());
            default -> {
                flows.namespaces.tick(grace);
                flows.process();
            }
        }
    }

    private static void change(FlowHarness flows, Random random) {
        if (random.nextInt(3) == 0) {
            String label = new String[] {"active", "frozen", "locked", "locked"}[random.nextInt(4)];
            flows.cluster.change(each -> each.status(label));
        } else {
            String end = timestamp(random);
            flows.cluster.change(each -> each.until(end));
        }
    }

    /** Hours or weeks, both ways. */
    private static Duration jump(Random random) {
        return random.nextBoolean()
                ? Duration.ofHours(random.nextInt(-30, 30))
                : Duration.ofDays(random.nextInt(-400, 400));
    }

    /** Near the clock's begin, far from it, and what names no moment. */
    private static @Nullable String timestamp(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> "0001-01-01T00:00:00Z";
            case 2 -> "9999-12-31T23:59:59Z";
            case 3 ->
                new String[] {"", "soon", "2030-13-01T00:00:00Z", "1893456000", "2030-01-01", "+10000-01-01T00:00:00Z"}
                        [random.nextInt(6)];
            case 4 -> "1969-12-31T23:59:59Z";
            case 5 -> "2030-01-01T01:00:00+05:00";
            default ->
                Instant.parse("2030-01-01T00:00:00Z")
                        .plus(Duration.ofHours(random.nextInt(-100, 100)))
                        .toString();
        };
    }

    /** Whatever stands in the annotation, it is read without a failure, and never as a moment before there was one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyTextIsAMomentOrUnreadable(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = mangled(random);
            if (Deadline.parse(text) instanceof Deadline.At(var instant)) {
                assertThat(instant).as(text).isAfterOrEqualTo(EPOCH);
                assertThat(instant.toEpochMilli()).as(text).isGreaterThanOrEqualTo(0);
            }
        }
    }

    private static String mangled(Random random) {
        StringBuilder text = new StringBuilder("2030-01-08T00:00:00Z");
        for (int changes = random.nextInt(4); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, "0123456789+-:.TZz \u0000\ud83d".charAt(random.nextInt(20)));
                default -> text.setCharAt(at, (char) random.nextInt(' ', 0x2100));
            }
        }
        return text.toString();
    }

    /** One namespace after the other runs out, the clock jumps, and time passes as it likes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 60})
    void noMinuteSeesMoreDeletionsThanAreAllowed(int perMinute) throws Exception {
        Random random = new Random(perMinute);
        FlowHarness flows = new FlowHarness(
                done("tenant", 5).until("2030-01-01T00:00:00Z"),
                FlowHarness.A_WEEK,
                ExpirationAction.DELETE,
                Duration.ZERO,
                perMinute);
        Deque<Long> lastMinute = new ArrayDeque<>();
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flows.nanoTime.addAndGet(random.nextLong(2 * MINUTE.toNanos() / perMinute));
            flows.clock.move(jump(random));
            flows.namespaces.tick(Duration.ZERO);
            flows.process();
            if (flows.cluster.view().terminating()) {
                long now = flows.nanoTime.get();
                all.add(now);
                lastMinute.addLast(now);
                while (now - lastMinute.getFirst() >= MINUTE.toNanos()) {
                    lastMinute.removeFirst();
                }
                assertThat(lastMinute).hasSizeLessThanOrEqualTo(perMinute);
                flows.anew(done("tenant", flows.cluster.view().resourceVersion() + 1)
                        .until("2030-01-01T00:00:00Z"));
            }
        }
        assertThat(all).hasSizeGreaterThan(perMinute);
    }
}
