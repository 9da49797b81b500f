package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.active;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.state.ChangeListener.Cause;
import run.clawcloud.block.time.SetClock;

/** What is told of all namespaces together: to who measures, and to a process that takes over. */
class NamespacesReportTest {

    private final Heard heard = new Heard();
    private final Namespaces namespaces =
            new Namespaces(heard, new SetClock("2030-01-01T00:00:00Z"), Wishes.NONE, Set.of("shielded"));

    private void know(ViewBuilder... views) {
        for (ViewBuilder each : views) {
            namespaces.changed(each.build());
        }
        heard.take();
    }

    @Test
    void countsTheLocksThatRunOutInSomeTimeOrHave() {
        know(
                done("past", 1).until("2029-12-31T00:00:00Z"),
                done("in-an-hour", 2).until("2030-01-01T01:00:00Z"),
                done("in-a-day", 3).until("2030-01-02T00:00:00Z"));

        assertThat(namespaces.expiring(Duration.ZERO)).isOne();
        assertThat(namespaces.expiring(Duration.ofHours(1).minusMillis(1))).isOne();
        assertThat(namespaces.expiring(Duration.ofHours(1))).isEqualTo(2);
        assertThat(namespaces.expiring(Duration.ofDays(1))).isEqualTo(3);
        assertThat(namespaces.nextExpiry()).contains(Instant.parse("2029-12-31T00:00:00Z"));
    }

    @Test
    void theNextLockToRunOutIsTheFirstWhateverTheOrder() {
        know(
                done("later", 1).until("2030-01-03T00:00:00Z"),
                done("first", 2).until("2030-01-02T00:00:00Z"),
                done("last", 3).until("2030-01-04T00:00:00Z"));

        assertThat(namespaces.nextExpiry()).contains(Instant.parse("2030-01-02T00:00:00Z"));
    }

    @Test
    void whatDoesNotEndByItselfIsNotCounted() {
        String past = "2029-12-31T00:00:00Z";
        know(
                active("open", 1).until(past),
                done("ending", 2).until(past).terminating(),
                done("shielded", 3).until(past),
                done("permanent", 4),
                locked("not-yet", 5).length("1h"),
                done("unreadable", 6).until("soon"));

        assertThat(namespaces.expiring(Duration.ofDays(365))).isZero();
        assertThat(namespaces.nextExpiry()).isEmpty();
    }

    @Test
    void countsNamespacesByTheirState() {
        know(
                active("open", 1),
                view("unlocking", 2).applied("locking"),
                locked("locking", 3),
                done("locked", 4),
                done("locked-too", 5),
                done("ending", 6).terminating(),
                view("odd", 7).status("frozen"));

        assertThat(namespaces.tally())
                .containsEntry(Tally.ACTIVE, 1)
                .containsEntry(Tally.UNLOCKING, 1)
                .containsEntry(Tally.LOCKING, 1)
                .containsEntry(Tally.LOCKED, 2)
                .containsEntry(Tally.TERMINATING, 1)
                .containsEntry(Tally.UNKNOWN, 1);
    }

    @Test
    void whoTakesOverIsToldOfAllThatThereIsToDoAndOfNothingElse() {
        know(
                locked("to-lock", 1),
                done("locked", 2),
                active("open", 3),
                active("to-unlock", 4).applied("locked"),
                done("to-release", 5).heldBy("ops/gone"));

        namespaces.tellAll();

        assertThat(heard.take())
                .containsExactlyInAnyOrder(
                        "to-lock " + Cause.BACKLOG,
                        "to-unlock " + Cause.BACKLOG,
                        "to-release unsettled " + Cause.BACKLOG);
    }
}
