package run.clawcloud.block.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.leader.Leadership.Moment;

/** How long a process may write, by two clocks of which either can be wrong. */
class LeadershipTest {

    private static final Duration LENGTH = Duration.ofSeconds(20);

    private long nanos = Long.MAX_VALUE - 5;
    private Instant wall = Instant.parse("2026-11-23T10:00:00Z");
    private final Leadership leadership = new Leadership(LENGTH, () -> nanos, () -> wall);

    private void pass(Duration monotonic, Duration byTheWall) {
        nanos += monotonic.toNanos();
        wall = wall.plus(byTheWall);
    }

    private void pass(Duration both) {
        pass(both, both);
    }

    @Test
    void itIsNotHeldBeforeTheLeaseIs() {
        assertThat(leadership.held()).isFalse();
    }

    @Test
    void itLastsFromWhenTheRenewalWasBegunNotFromItsAnswer() {
        Moment begun = leadership.now();
        pass(Duration.ofSeconds(5));
        leadership.renewed(begun);

        pass(LENGTH.minusSeconds(5).minusMillis(1));
        assertThat(leadership.held()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(leadership.held()).isFalse();
    }

    @Test
    void anAnswerThatComesTooLateGivesNothing() {
        Moment begun = leadership.now();
        pass(LENGTH);
        leadership.renewed(begun);

        assertThat(leadership.held()).isFalse();
    }

    @Test
    void aMachineThatSleptCountsByTheWallClock() {
        leadership.renewed(leadership.now());
        pass(Duration.ofMillis(1), LENGTH);

        assertThat(leadership.held()).isFalse();
    }

    @Test
    void aWallClockThatIsSetBackGivesNoTime() {
        leadership.renewed(leadership.now());
        pass(LENGTH, Duration.ofHours(-1));

        assertThat(leadership.held()).isFalse();
    }

    @Test
    void onceEndedItIsNeverHeldAgain() {
        leadership.renewed(leadership.now());
        leadership.end();
        leadership.renewed(leadership.now());

        assertThat(leadership.held()).isFalse();
    }

    @Test
    void itsEndCancelsWhatIsUnderWayAndWhatBeginsAtThatMoment() {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        leadership.renewed(leadership.now());
        Runnable over = answered::incrementAndGet;
        leadership.begun(over);
        leadership.over(over, true);
        leadership.begun(before::incrementAndGet);

        leadership.end();
        leadership.begun(after::incrementAndGet);

        assertThat(before).hasValue(1);
        assertThat(answered).hasValue(0);
        assertThat(after).hasValue(1);
    }

    @Test
    void aWriteThatNobodyAnsweredCanStillBeCarriedOutForAWhile() {
        Runnable write = () -> {};
        leadership.begun(write);
        assertThat(leadership.quiet(Duration.ofMinutes(1))).isFalse();

        leadership.over(write, false);
        assertThat(leadership.quiet(Duration.ofMinutes(1))).isFalse();

        pass(Duration.ofMinutes(1));
        assertThat(leadership.quiet(Duration.ofMinutes(1))).isTrue();
    }
}
