package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.active;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.time.SetClock;

/** Which views call for work, which do not, and what is remembered. */
class NamespacesTest {

    private static final String IN_A_WEEK = "2030-01-08T00:00:00Z";

    private final SetClock clock = new SetClock("2030-01-01T00:00:00Z");
    private final Heard heard = new Heard();
    private final Namespaces namespaces = new Namespaces(heard, clock);

    /** The decision, as the contract states it. Absent cells are absent labels and annotations. */
    @ParameterizedTest
    @CsvSource({
        "locked,        ,          ,                     false, LOCK",
        "locked,  locking,         ,                     false, LOCK",
        "locked,  locked,          ,                     false, NOTHING",
        "locked,  locked, 2030-01-08T00:00:00Z,          false, NOTHING",
        "locked,  rubbish,         ,                     false, LOCK",
        "locked,         , 2030-01-08T00:00:00Z,         false, LOCK",
        "active,         ,         ,                     false, NOTHING",
        "active,  locking,         ,                     false, UNLOCK",
        "active,  locked,          ,                     false, UNLOCK",
        "active,  rubbish,         ,                     false, UNLOCK",
        "active,         , 2030-01-08T00:00:00Z,         false, UNLOCK",
        "active,         , rubbish,                      false, UNLOCK",
        ",        locked,          ,                     false, UNLOCK",
        ",        locking,         ,                     false, UNLOCK",
        ",               , 2030-01-08T00:00:00Z,         false, UNLOCK",
        "Locked,         ,         ,                     false, WARN",
        "'',             ,         ,                     false, WARN",
        "frozen,  locked, 2030-01-08T00:00:00Z,          false, WARN",
        "locked,         ,         ,                     true,  NOTHING",
        "active,  locked,          ,                     true,  NOTHING",
        "frozen,         ,         ,                     true,  NOTHING"
    })
    void decides(
            @Nullable String status,
            @Nullable String applied,
            @Nullable String until,
            boolean terminating,
            Need expected) {
        ViewBuilder view = view("tenant", 5).status(status).applied(applied).until(until);

        namespaces.changed((terminating ? view.terminating() : view).build());

        assertThat(need("tenant")).isEqualTo(expected);
        assertThat(heard.take().contains("tenant LIVE")).isEqualTo(expected != Need.NOTHING);
    }

    @Test
    void theFirstWriteOfALockIsNoNewsWhenTheWatchTellsItBeforeTheAnswerIsThere() {
        namespaces.changed(locked("tenant", 5).build());
        heard.take();

        namespaces.changed(
                locked("tenant", 6).applied("locking").until(IN_A_WEEK).build());
        namespaces.observed(
                locked("tenant", 6).applied("locking").until(IN_A_WEEK).build(), 5);

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
        namespaces.changed(locked("tenant", 7)
                .applied("locking")
                .until("2030-01-09T00:00:00Z")
                .build());
        assertThat(heard.take()).containsExactly("tenant LIVE");
    }

    @Test
    void theFirstWriteOfAnUnlockIsNoNewsEither() {
        namespaces.changed(
                active("tenant", 5).applied("locked").until(IN_A_WEEK).build());
        heard.take();

        namespaces.changed(
                active("tenant", 6).applied("locking").until(IN_A_WEEK).build());

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(Need.UNLOCK);
    }

    @Test
    void whatDoesNotConcernUsIsNotKept() {
        namespaces.changed(view("plain", 5).build());

        assertThat(namespaces.get("plain")).isEmpty();
        assertThat(heard.take()).isEmpty();
    }

    /** No watch would tell of its end. */
    @Test
    void aNamespaceThatIsEndingIsNotKeptWithoutTheLabel() {
        namespaces.changed(done("tenant", 5).build());
        namespaces.deleted(done("tenant", 6).build());
        heard.take();

        namespaces.observed(view("tenant", 7).applied("locked").terminating().build(), 0);

        assertThat(namespaces.get("tenant")).isEmpty();
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void whatDoesNotConcernUsAnyMoreIsForgotten() {
        namespaces.changed(done("tenant", 5).build());

        namespaces.observed(view("tenant", 6).build(), 0);

        assertThat(namespaces.get("tenant")).isEmpty();
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void remembersWhatTheViewSaid() {
        namespaces.changed(
                locked("tenant", 5).applied("locking").until(IN_A_WEEK).build());

        assertThat(namespaces.get("tenant"))
                .contains(new NamespaceState(
                        "tenant",
                        5,
                        Switch.LOCKED,
                        Applied.LOCKING,
                        new Deadline.At(Instant.parse(IN_A_WEEK)),
                        new LockLength.Default(),
                        Need.LOCK));
    }

    @ParameterizedTest
    @CsvSource({"90m, PT90M", "7d, PT168H", "36500d, PT876000H"})
    void remembersTheLengthWhileThereIsNoTimestamp(String annotation, Duration length) {
        namespaces.changed(locked("tenant", 5).length(annotation).build());

        assertThat(state("tenant").lockLength()).isEqualTo(new LockLength.Of(length));
        assertThat(state("tenant").deadline()).isEqualTo(new Deadline.None());
    }

    @Test
    void remembersLengthsThatAreNoNumbers() {
        namespaces.changed(locked("default", 5).build());
        namespaces.changed(locked("permanent", 5).length("permanent").build());
        namespaces.changed(locked("unreadable", 5).length("for ever").build());

        assertThat(state("default").lockLength()).isEqualTo(new LockLength.Default());
        assertThat(state("permanent").lockLength()).isEqualTo(new LockLength.Permanent());
        assertThat(state("unreadable").lockLength()).isEqualTo(new LockLength.Unreadable());
    }

    @Test
    void aLengthIsNoDeadline() {
        namespaces.changed(locked("tenant", 5).length("1m").build());
        heard.take();

        clock.move(Duration.ofDays(365_000));
        namespaces.tick(Duration.ZERO);

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    // What is said twice.

    @Test
    void theSameViewAgainIsNoNews() {
        namespaces.changed(locked("tenant", 5).build());
        namespaces.changed(locked("tenant", 6).build());

        assertThat(heard.take()).containsExactly("tenant LIVE");
    }

    @Test
    void aChangeOfAnythingThatMattersIsNews() {
        namespaces.changed(locked("tenant", 5).build());
        namespaces.changed(locked("tenant", 6).length("7d").build());
        namespaces.changed(locked("tenant", 7).length("8d").build());

        assertThat(heard.take()).containsExactly("tenant LIVE", "tenant LIVE", "tenant LIVE");
    }

    @Test
    void theAnswerToAnOwnWriteIsNoNewsNorIsItsEcho() {
        namespaces.changed(locked("tenant", 5).build());
        heard.take();
        ViewBuilder begun = locked("tenant", 6).applied("locking").until(IN_A_WEEK);
        ViewBuilder marked = done("tenant", 7).until(IN_A_WEEK);

        namespaces.observed(begun.build(), 0);
        namespaces.changed(begun.build());
        namespaces.observed(marked.build(), 0);
        namespaces.changed(begun.build());
        namespaces.changed(marked.build());

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
    }

    @Test
    void whatAWorkerFindsIsNewsWhenItCallsForSomethingElse() {
        namespaces.changed(locked("tenant", 5).build());
        heard.take();

        namespaces.observed(active("tenant", 6).applied("locking").build(), 0);

        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.UNLOCK);
    }

    @Test
    void anUnknownValueIsWarnedOfOnce() {
        namespaces.changed(locked("tenant", 5).status("frozen").build());
        namespaces.changed(locked("tenant", 6).status("frozen").build());
        relist(7, locked("tenant", 6).status("frozen"));

        assertThat(heard.take()).containsExactly("tenant LIVE");
    }

    @Test
    void anUnreadableTimestampIsToldOnce() {
        namespaces.changed(done("tenant", 5).until("soon").build());
        namespaces.changed(done("tenant", 6).until("soon").build());
        namespaces.changed(active("open", 6).until("soon").build());

        assertThat(heard.take()).containsExactly("tenant UNREADABLE", "open LIVE");
        assertThat(state("tenant").deadline()).isEqualTo(new Deadline.Unreadable());

        clock.move(Duration.ofDays(10_000));
        namespaces.tick(Duration.ZERO);
        assertThat(heard.take()).isEmpty();
    }

    // What comes late.

    @Test
    void anOlderViewIsIgnoredWhoeverBringsIt() {
        namespaces.changed(locked("tenant", 7).build());
        namespaces.observed(done("tenant", 9).build(), 0);
        heard.take();

        namespaces.changed(active("tenant", 8).applied("locked").build());
        namespaces.observed(active("tenant", 8).applied("locked").build(), 0);
        namespaces.deleted(done("tenant", 8).build());

        assertThat(heard.take()).isEmpty();
        assertThat(state("tenant").resourceVersion()).isEqualTo(9);
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
    }

    @Test
    void versionsAreComparedAsNumbers() {
        namespaces.changed(done("tenant", 99).build());

        namespaces.changed(active("tenant", 100).applied("locked").build());

        assertThat(need("tenant")).isEqualTo(Need.UNLOCK);
    }

    @Test
    void aListIsTakenAsItIs() {
        namespaces.changed(done("tenant", 9).build());

        relist(8, active("tenant", 8).applied("locked"));

        assertThat(state("tenant").resourceVersion()).isEqualTo(8);
        assertThat(heard.take()).containsExactly("tenant BACKLOG");
    }

    // What is not there any more.

    @Test
    void aDeletedNamespaceIsLookedAtWhenSomethingIsAtStake() {
        namespaces.changed(done("locked", 5).build());
        namespaces.changed(active("unlocking", 5).applied("locked").build());
        namespaces.changed(locked("begun", 5).applied("locking").build());
        namespaces.changed(active("open", 5).build());
        heard.take();

        namespaces.deleted(done("locked", 6).build());
        namespaces.deleted(active("unlocking", 7).applied("locked").build());
        namespaces.deleted(locked("begun", 7).applied("locking").build());
        namespaces.deleted(active("open", 8).build());

        assertThat(heard.take()).containsExactly("locked LIVE", "unlocking LIVE", "begun LIVE");
        assertThat(need("locked")).isEqualTo(Need.UNLOCK);
        assertThat(need("unlocking")).isEqualTo(Need.UNLOCK);
        assertThat(need("begun")).isEqualTo(Need.LOOK);
        assertThat(namespaces.get("open")).isEmpty();
    }

    @Test
    void aLookSettlesIt() {
        namespaces.changed(done("gone", 5).build());
        namespaces.changed(locked("unlabelled", 5).applied("locking").build());
        namespaces.changed(done("back", 5).build());
        namespaces.deleted(done("gone", 6).build());
        namespaces.deleted(locked("unlabelled", 7).applied("locking").build());
        namespaces.deleted(done("back", 8).build());
        heard.take();

        namespaces.forgotten("gone", 6);
        namespaces.observed(view("unlabelled", 7).applied("locking").build(), 0);
        namespaces.observed(done("back", 9).build(), 0);

        assertThat(namespaces.get("gone")).isEmpty();
        assertThat(need("unlabelled")).isEqualTo(Need.UNLOCK);
        assertThat(need("back")).isEqualTo(Need.NOTHING);
        assertThat(heard.take()).containsExactly("unlabelled LIVE");
    }

    @Test
    void aTerminatingNamespaceIsRemovedQuietly() {
        namespaces.changed(done("tenant", 5).terminating().build());

        namespaces.deleted(done("tenant", 6).terminating().build());

        assertThat(namespaces.get("tenant")).isEmpty();
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void whatIsDeletedOrForgottenWithoutBeingKnownIsIgnored() {
        namespaces.deleted(done("tenant", 6).build());
        namespaces.forgotten("tenant", 0);
        namespaces.quotaDrifted("tenant");
        namespaces.quotaSeen("tenant");

        assertThat(namespaces.get("tenant")).isEmpty();
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void anAnswerThatComesAfterTheEndBringsNothingBack() {
        namespaces.changed(done("tenant", 5).terminating().build());
        namespaces.deleted(done("tenant", 6).terminating().build());

        namespaces.observed(done("tenant", 4).build(), 0);

        assertThat(namespaces.get("tenant")).isEmpty();
    }

    @Test
    void aWorkerThatFoundNothingDoesNotForgetWhatWasMadeSince() {
        namespaces.changed(done("tenant", 5).build());
        namespaces.changed(locked("tenant", 8).build());

        namespaces.forgotten("tenant", 5);
        assertThat(need("tenant")).isEqualTo(Need.LOCK);

        namespaces.forgotten("tenant", 8);
        assertThat(namespaces.get("tenant")).isEmpty();
    }

    @Test
    void aNameMadeAnewIsANewNamespace() {
        namespaces.changed(done("tenant", 5).terminating().build());
        namespaces.deleted(done("tenant", 6).terminating().build());

        namespaces.changed(locked("tenant", 7).build());

        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    // Lists.

    @Test
    void aListFindsTheBacklog() {
        relist(9, locked("new", 5), done("done", 6), view("left-over", 7).applied("locked"), active("open", 8));

        assertThat(heard.take()).containsExactly("new BACKLOG", "left-over BACKLOG");
    }

    @Test
    void theSameListAgainIsNoNews() {
        relist(9, locked("new", 5), done("done", 6), view("left-over", 7).applied("locked"));
        heard.take();

        relist(20, locked("new", 5), done("done", 6), view("left-over", 7).applied("locked"));

        assertThat(heard.take()).isEmpty();
    }

    @Test
    void whatALaterListMissesIsLookedAtWhenSomethingIsAtStakeAndForgottenOtherwise() {
        relist(9, done("locked", 5), active("open", 6), done("dying", 7).terminating(), done("stays", 8));
        heard.take();

        relist(20, done("stays", 8));

        assertThat(heard.take()).containsExactly("locked BACKLOG");
        // Not undone by a write at the list's version, which by chance could be that of a namespace that is open.
        assertThat(need("locked")).isEqualTo(Need.LOOK);
        assertThat(namespaces.get("open")).isEmpty();
        assertThat(namespaces.get("dying")).isEmpty();
        assertThat(need("stays")).isEqualTo(Need.NOTHING);
    }

    @Test
    void anAnswerThatWasOvertakenByAListDoesNotBringBackWhatItMissed() {
        relist(9, locked("tenant", 5));
        relist(20);
        heard.take();

        namespaces.observed(locked("tenant", 5).build(), 5);
        assertThat(need("tenant")).isEqualTo(Need.LOOK);

        namespaces.observed(locked("tenant", 6).build(), 20);
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    @Test
    void whatAWorkerSawLaterThanTheListWasMadeIsNotMissed() {
        relist(10, done("younger", 5));
        namespaces.observed(done("younger", 21).build(), 5);

        relist(20);

        assertThat(need("younger")).isEqualTo(Need.NOTHING);
        assertThat(heard.take()).isEmpty();
    }

    /** No list is older than what the watch has told, unless etcd was restored from a backup. */
    @Test
    void afterARestoreWhatIsNotListedIsLookedForHoweverNewItWas() {
        relist(10, done("lost", 5));
        namespaces.changed(done("lost", 21).build());

        relist(15);

        assertThat(heard.take()).containsExactly("lost BACKLOG");
        namespaces.forgotten("lost", 15);
        namespaces.changed(locked("lost", 17).build());
        assertThat(need("lost")).isEqualTo(Need.LOCK);
    }

    @Test
    void aListThatWasBrokenOffSweepsNothingAndTheNextOneCountsAnew() {
        relist(9, done("a", 5), done("b", 6));
        namespaces.listBegins(false);
        namespaces.listed(done("a", 5).build());

        relist(20, done("b", 6));

        assertThat(heard.take()).containsExactly("a BACKLOG");
        assertThat(need("b")).isEqualTo(Need.NOTHING);
    }

    // The end of a lock.

    @Test
    void aLockThatRunsOutIsDueOnce() {
        namespaces.changed(done("tenant", 5).until("2030-01-01T00:00:10Z").build());

        clock.set("2030-01-01T00:00:09.999Z");
        namespaces.tick(Duration.ZERO);
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
        heard.take();

        clock.set("2030-01-01T00:00:10Z");
        namespaces.tick(Duration.ZERO);
        namespaces.tick(Duration.ZERO);
        namespaces.changed(done("tenant", 6).until("2030-01-01T00:00:10Z").build());

        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.EXPIRE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "frozen"})
    void whatIsNotLockedDoesNotRunOut(String status) {
        namespaces.changed(
                done("tenant", 5).status(status).until("2030-01-01T00:00:10Z").build());
        Need before = need("tenant");
        heard.take();

        clock.set("2030-02-01T00:00:00Z");
        namespaces.tick(Duration.ZERO);

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(before);
    }

    @Test
    void whatIsBeingDeletedDoesNotRunOut() {
        namespaces.changed(
                done("tenant", 5).until("2030-01-01T00:00:10Z").terminating().build());

        clock.set("2030-02-01T00:00:00Z");
        namespaces.tick(Duration.ZERO);

        assertThat(heard.take()).isEmpty();
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
    }

    @Test
    void theGracePeriodDelaysIt() {
        namespaces.changed(done("tenant", 5).until("2030-01-03T00:00:00Z").build());

        clock.set("2030-01-03T23:59:59Z");
        namespaces.tick(Duration.ofDays(1));
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);

        clock.set("2030-01-04T00:00:00Z");
        namespaces.tick(Duration.ofDays(1));
        assertThat(need("tenant")).isEqualTo(Need.EXPIRE);
    }

    @Test
    void peopleHearADayAndAnHourAheadAndWhenTheGracePeriodBeginsEachOnce() {
        String end = "2030-01-08T00:00:00Z";
        namespaces.changed(done("tenant", 5).until(end).build());
        Duration grace = Duration.ofHours(6);

        for (clock.set("2030-01-01T00:00:00Z");
                clock.instant().isBefore(Instant.parse("2030-01-09T00:00:00Z"));
                clock.move(Duration.ofMinutes(10))) {
            namespaces.tick(grace);
        }

        assertThat(heard.take())
                .containsExactly("tenant DAY " + end, "tenant HOUR " + end, "tenant GRACE " + end, "tenant LIVE");
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-01T23:59:59Z, HOUR GRACE LIVE",
        "2030-01-01T00:59:59Z, GRACE LIVE",
        "2029-12-31T23:59:59Z, LIVE",
        "2030-01-02T00:00:01Z, DAY HOUR GRACE LIVE"
    })
    void nobodyHearsOfAMomentThatHadPassedAtFirstSight(String end, String expected) {
        namespaces.changed(done("tenant", 5).until(end).build());

        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            clock.move(Duration.ofMinutes(1));
            namespaces.tick(Duration.ofHours(6));
        }

        assertThat(heard.take()).extracting(line -> line.split(" ", -1)[1]).containsExactly(expected.split(" ", -1));
    }

    @Test
    void aChangedDeadlineCountsAnew() {
        namespaces.changed(done("tenant", 5).until("2030-01-02T12:00:00Z").build());
        clock.set("2030-01-02T12:00:00Z");
        namespaces.tick(Duration.ZERO);
        assertThat(need("tenant")).isEqualTo(Need.EXPIRE);
        heard.take();

        namespaces.changed(done("tenant", 6).until("2030-01-05T12:00:00Z").build());
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
        namespaces.tick(Duration.ZERO);
        assertThat(heard.take()).isEmpty();

        clock.set("2030-01-04T12:00:00Z");
        namespaces.tick(Duration.ZERO);
        assertThat(heard.take()).containsExactly("tenant DAY 2030-01-05T12:00:00Z");
    }

    @Test
    void aClockThatJumpsTellsOnlyTheLatestMoment() {
        namespaces.changed(done("tenant", 5).until(IN_A_WEEK).build());

        clock.set("2030-01-08T00:00:01Z");
        namespaces.tick(Duration.ofDays(2));
        clock.set("2030-01-01T00:00:00Z");
        namespaces.tick(Duration.ofDays(2));
        clock.set("2030-01-07T23:30:00Z");
        namespaces.tick(Duration.ofDays(2));

        assertThat(heard.take()).containsExactly("tenant GRACE " + IN_A_WEEK);
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
    }

    /** A clock that ran ahead for a moment must not make a lock due for ever, nor keep it from becoming due. */
    @Test
    void whatAWorkerFindsNotToBeDueIsDueWhenItsTimeComes() {
        namespaces.changed(done("tenant", 5).until(IN_A_WEEK).build());
        clock.set("2030-02-01T00:00:00Z");
        namespaces.tick(Duration.ZERO);
        clock.set("2030-01-01T00:00:00Z");
        heard.take();

        namespaces.notDue("tenant");
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
        namespaces.tick(Duration.ZERO);
        assertThat(heard.take()).isEmpty();

        clock.set(IN_A_WEEK);
        namespaces.tick(Duration.ZERO);
        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.EXPIRE);
    }

    @Test
    void whatIsNotDueAndNotLockedYetIsLocked() {
        namespaces.changed(locked("tenant", 5).until(IN_A_WEEK).build());
        clock.set("2030-02-01T00:00:00Z");
        namespaces.tick(Duration.ZERO);
        clock.set("2030-01-01T00:00:00Z");
        heard.take();

        namespaces.notDue("tenant");

        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    // The quota.

    @Test
    void aMissingQuotaCallsForALockUntilItIsDone() {
        namespaces.changed(done("tenant", 5).build());

        namespaces.quotaDrifted("tenant");
        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.LOCK);

        namespaces.observed(locked("tenant", 6).applied("locking").build(), 0);
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
        namespaces.observed(done("tenant", 7).build(), 0);
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void aMissingQuotaIsRememberedWhileOtherThingsChange() {
        namespaces.changed(done("tenant", 5).build());
        namespaces.quotaDrifted("tenant");

        namespaces.changed(done("tenant", 6).until(IN_A_WEEK).build());
        relist(7, done("tenant", 6).until(IN_A_WEEK));

        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    @Test
    void aMissingQuotaMattersOnlyWhereALockIsDoneOrUnderWay() {
        namespaces.changed(locked("pending", 5).build());
        namespaces.changed(active("open", 5).build());
        namespaces.changed(active("unlocking", 5).applied("locked").build());
        namespaces.changed(done("dying", 5).terminating().build());
        heard.take();

        namespaces.quotaDrifted("pending");
        namespaces.quotaDrifted("open");
        namespaces.quotaDrifted("unlocking");
        namespaces.quotaDrifted("dying");

        assertThat(heard.take()).isEmpty();
        assertThat(need("dying")).isEqualTo(Need.NOTHING);
        assertThat(need("open")).isEqualTo(Need.NOTHING);
    }

    @Test
    void aQuotaThatGoesWhileItsLockIsUnderWayIsNotOverlooked() {
        namespaces.changed(locked("tenant", 5).applied("locking").build());
        heard.take();

        namespaces.quotaDrifted("tenant");
        namespaces.observed(done("tenant", 6).build(), 0);

        assertThat(heard.take()).containsExactly("tenant LIVE", "tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
        namespaces.observed(locked("tenant", 7).applied("locking").build(), 0);
        namespaces.observed(done("tenant", 8).build(), 0);
        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
        assertThat(heard.take()).isEmpty();
    }

    @Test
    void aQuotaThatGoesAgainAndAgainIsToldOfEachTime() {
        namespaces.changed(done("tenant", 5).build());
        namespaces.quotaDrifted("tenant");
        heard.take();

        namespaces.quotaDrifted("tenant");
        assertThat(heard.take()).containsExactly("tenant LIVE");

        namespaces.scanBegins();
        namespaces.scanEnds();
        assertThat(heard.take()).containsExactly("tenant DRIFT");
    }

    /** The quota went when the namespace was locked again, of which the watch has not told yet. */
    @Test
    void aQuotaThatGoesWhileAnUnlockIsBelievedInIsNotOverlooked() {
        namespaces.changed(active("tenant", 5).applied("locked").build());
        heard.take();

        namespaces.quotaDrifted("tenant");
        assertThat(heard.take()).isEmpty();

        namespaces.observed(done("tenant", 6).build(), 5);
        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    @Test
    void aMissingQuotaIsRememberedOverAListFromBeforeTheLockWasThrough() {
        namespaces.changed(done("tenant", 7).build());
        namespaces.quotaDrifted("tenant");

        relist(6, locked("tenant", 6).applied("locking"));
        namespaces.changed(done("tenant", 7).build());

        assertThat(need("tenant")).isEqualTo(Need.LOCK);
    }

    @Test
    void aQuotaThatAnUnlockDeletesIsNoneThatTheNextLockLacks() {
        namespaces.changed(active("tenant", 5).applied("locked").build());
        namespaces.quotaDrifted("tenant");
        namespaces.observed(active("tenant", 6).applied("locking").build(), 5);
        namespaces.quotaDrifted("tenant");
        namespaces.observed(active("tenant", 7).build(), 6);

        namespaces.changed(locked("tenant", 8).build());
        namespaces.observed(locked("tenant", 9).applied("locking").build(), 8);
        namespaces.observed(done("tenant", 10).build(), 9);

        assertThat(need("tenant")).isEqualTo(Need.NOTHING);
    }

    @Test
    void theSlowScanFindsLockedNamespacesWithoutAQuota() {
        namespaces.changed(done("with", 5).build());
        namespaces.changed(done("without", 5).build());
        namespaces.changed(active("open", 5).build());
        namespaces.changed(locked("locking", 5).build());
        heard.take();

        namespaces.scanBegins();
        namespaces.quotaSeen("with");
        namespaces.scanEnds();

        assertThat(heard.take()).containsExactly("without DRIFT");
        assertThat(need("without")).isEqualTo(Need.LOCK);
        assertThat(need("with")).isEqualTo(Need.NOTHING);
    }

    @Test
    void theSlowScanSparesWhatWasLockedWhileItRan() {
        namespaces.changed(locked("tenant", 5).build());
        heard.take();

        namespaces.scanBegins();
        namespaces.observed(done("tenant", 6).build(), 0);
        namespaces.scanEnds();
        assertThat(heard.take()).isEmpty();

        namespaces.scanBegins();
        namespaces.scanEnds();
        assertThat(heard.take()).containsExactly("tenant DRIFT");
    }

    @Test
    void eachSlowScanLooksAnew() {
        namespaces.changed(done("tenant", 5).build());
        namespaces.scanBegins();
        namespaces.quotaSeen("tenant");
        namespaces.scanEnds();
        assertThat(heard.take()).isEmpty();

        namespaces.scanBegins();
        namespaces.scanEnds();

        assertThat(heard.take()).containsExactly("tenant DRIFT");
    }

    // Figures.

    @Test
    void countsByState() {
        relist(
                20,
                active("open", 1),
                locked("a", 2),
                locked("b", 3).applied("locking"),
                done("c", 4),
                done("d", 5),
                done("e", 6),
                active("f", 7).applied("locked"),
                view("g", 8).applied("locked"),
                done("h", 9).terminating(),
                view("i", 10).status("frozen"));

        Map<Tally, Integer> expected = new EnumMap<>(Map.of(
                Tally.ACTIVE, 1,
                Tally.LOCKING, 2,
                Tally.LOCKED, 3,
                Tally.UNLOCKING, 2,
                Tally.TERMINATING, 1,
                Tally.UNKNOWN, 1));
        assertThat(namespaces.tally()).isEqualTo(expected);
    }

    @Test
    void countsEveryStateEvenWhereThereIsNone() {
        assertThat(namespaces.tally())
                .containsOnlyKeys(Tally.values())
                .allSatisfy((state, count) -> assertThat(count).isZero());
    }

    @Test
    void givesMemoryBackAndForgetsNothing() {
        for (int i = 0; i < 20_000; i++) {
            namespaces.changed(done("tenant-" + i, i + 1).build());
        }
        long full = namespaces.memoryBytes();
        for (int i = 100; i < 20_000; i++) {
            namespaces.forgotten("tenant-" + i, i + 1);
        }

        namespaces.trim();

        assertThat(namespaces.memoryBytes()).isLessThan(full / 4);
        assertThat(state("tenant-99").resourceVersion()).isEqualTo(100);
        assertThat(namespaces.get("tenant-100")).isEmpty();
    }

    private void relist(long resourceVersion, ViewBuilder... views) {
        namespaces.listBegins(false);
        for (ViewBuilder view : views) {
            namespaces.listed(view.build());
        }
        namespaces.listEnds(resourceVersion);
    }

    private NamespaceState state(String name) {
        return namespaces.get(name).orElseThrow();
    }

    private Need need(String name) {
        return state(name).need();
    }
}
