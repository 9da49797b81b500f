package run.clawcloud.block.torture;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * A clock that is wrong by now more and now less, ahead or behind. Never by so much that a lock of the usual length,
 * begun when it was furthest behind, has run out when it is furthest ahead: whatever is deleted then is deleted
 * wrongly.
 */
final class JumpingClock implements InstantSource {

    private static final Duration FURTHEST = Start.LOCK_LENGTH.dividedBy(2).minusHours(1);

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    void jump(RandomGenerator random) {
        ahead.set(Duration.ofSeconds(random.nextLong(-FURTHEST.toSeconds(), FURTHEST.toSeconds())));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }
}
