package run.clawcloud.block.request;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.active;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.request.NamespaceServer.Stored;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.Wish;

/** What is written to a namespace so that it is as its requests want it. */
class HoldDecisionTest {

    private static final LockLength A_WEEK = RequestBuilder.A_WEEK;
    private static final Instant NOW = Instant.parse("2030-01-02T00:00:00Z");

    private static final List<String> RESTORED =
            List.of(Names.LOCK_REASON, Names.LOCK_DURATION, Names.ORIGINAL_LOCK_REASON, Names.ORIGINAL_LOCK_DURATION);

    private static Map<String, @Nullable String> written(ViewBuilder view, Wish wish) {
        Map<String, @Nullable String> all = new TreeMap<>();
        HoldDecision.of(view.build(), wish, NOW, A_WEEK).ifPresent(patch -> {
            assertThat(patch.resourceVersion()).isEqualTo(view.build().resourceVersion());
            all.putAll(patch.labels());
            all.putAll(patch.annotations());
        });
        return all;
    }

    private static Wish held(String by) {
        return Wish.locked(by, null, null);
    }

    // Label and held-by.

    /** {@code -} in the last columns: it is removed; empty: it is not written. */
    @ParameterizedTest
    @CsvSource({
        // status, held-by, wanted, held by, label written, held-by written
        "        ,     , locked, o/r,  locked, o/r",
        "active  ,     , locked, o/r,  locked, o/r",
        "frozen  ,     , locked, o/r,  locked, o/r",
        "locked  ,     , locked, o/r,        , o/r",
        "locked  , o/r , locked, o/r,        ,    ",
        "active  , o/r , locked, o/r,  locked,    ",
        "        , o/r , locked, o/r,  locked,    ",
        "locked  , o/s , locked, o/r,        , o/r",
        "locked  , o/r , active,    ,  active, -  ",
        "locked  ,     , active,    ,  active,    ",
        "active  , o/r , active,    ,        , -  ",
        "        ,     , active,    ,  active,    ",
        "frozen  ,     , active,    ,  active,    ",
        "active  ,     , active,    ,        ,    ",
        "locked  , o/r , absent,    ,  active, -  ",
        "        , o/r , absent,    ,  active, -  ",
        "active  , o/r , absent,    ,        , -  ",
        "locked  ,     , absent,    ,        ,    ",
        "frozen  ,     , absent,    ,        ,    ",
        "        ,     , absent,    ,        ,    "
    })
    void labelAndHolder(
            @Nullable String status,
            @Nullable String heldBy,
            String wanted,
            @Nullable String holder,
            @Nullable String label,
            @Nullable String newHolder) {
        Wish wish = switch (wanted) {
            case "locked" -> held(String.valueOf(holder));
            case "active" -> Wish.ACTIVE;
            default -> Wish.NOTHING;
        };

        Map<String, @Nullable String> written =
                written(view("tenant", 5).status(status).heldBy(heldBy), wish);

        Map<String, @Nullable String> expected = new HashMap<>();
        if (label != null) {
            expected.put(Names.STATUS_LABEL, label);
        }
        if (newHolder != null) {
            expected.put(Names.HELD_BY, newHolder.equals("-") ? null : newHolder);
        }
        assertThat(written).isEqualTo(expected);
    }

    // Reason, and length likewise, beside the notes.

    /** Of the reason: what stands, its note, what is wanted, and what then stands; {@code -} is an empty text. */
    @ParameterizedTest
    @CsvSource({
        "      ,      , mine,  mine , -    ",
        "theirs,      , mine,  mine , theirs",
        "mine  ,      , mine,  mine , mine ",
        "mine  , theirs, mine, mine , theirs",
        "other , theirs, mine, mine , theirs",
        "      , theirs, mine, mine , theirs",
        "other , -    , mine,  mine , -    ",
        "mine  , theirs,    ,  theirs,     ",
        "other , theirs,    ,  theirs,     ",
        "mine  , -    ,     ,       ,      ",
        "      , -    ,     ,       ,      ",
        "theirs,      ,     ,  theirs,     ",
        "      ,      ,     ,       ,      "
    })
    void whatStoodThereBeforeIsNotedAndRestored(
            @Nullable String value,
            @Nullable String note,
            @Nullable String wanted,
            @Nullable String after,
            @Nullable String noteAfter) {
        ViewBuilder before = locked("tenant", 5).heldBy("o/r");

        NamespaceView reason = after(before.reason(value).notes(text(note), null), Wish.locked("o/r", wanted, null));
        NamespaceView length = after(before.length(value).notes(null, text(note)), Wish.locked("o/r", null, wanted));

        assertThat(reason.lockReason()).isEqualTo(after);
        assertThat(reason.originalLockReason()).isEqualTo(text(noteAfter));
        assertThat(length.lockDuration()).isEqualTo(after);
        assertThat(length.originalLockDuration()).isEqualTo(text(noteAfter));
    }

    private static @Nullable String text(@Nullable String cell) {
        return "-".equals(cell) ? "" : cell;
    }

    private static NamespaceView after(ViewBuilder before, Wish wish) {
        NamespaceView view = before.build();
        return HoldDecision.of(view, wish, NOW, A_WEEK)
                .map(patch -> apply(view, patch))
                .orElse(view);
    }

    private static NamespaceView apply(NamespaceView view, NamespacePatch patch) {
        return NamespaceServer.patched(stored(view), patch, view.resourceVersion() + 1)
                .view(Selectors.NONE);
    }

    private static Stored stored(NamespaceView view) {
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> annotations = new TreeMap<>();
        put(labels, Names.STATUS_LABEL, view.status());
        put(labels, Names.APPLIED_LABEL, view.applied());
        put(annotations, Names.UNLOCK_TIMESTAMP, view.unlockTimestamp());
        put(annotations, Names.LOCK_DURATION, view.lockDuration());
        put(annotations, Names.LOCK_REASON, view.lockReason());
        put(annotations, Names.HELD_BY, view.heldBy());
        put(annotations, Names.LOCKED_AT, view.lockedAt());
        put(annotations, Names.ORIGINAL_LOCK_REASON, view.originalLockReason());
        put(annotations, Names.ORIGINAL_LOCK_DURATION, view.originalLockDuration());
        return new Stored(view.name(), view.uid(), view.resourceVersion(), view.terminating(), labels, annotations);
    }

    private static void put(Map<String, String> map, String key, @Nullable String value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    // The end of the lock.

    private static ViewBuilder underLock() {
        return done("tenant", 5)
                .heldBy("o/r")
                .lockedAt("2030-01-01T00:00:00Z")
                .until("2030-01-08T00:00:00Z")
                .notes(null, "");
    }

    @ParameterizedTest
    @CsvSource({
        "24h, 48h,       2030-01-03T00:00:00Z",
        "24h, 1m,        2030-01-01T00:01:00Z",
        "24h, rubbish,   2030-01-08T00:00:00Z",
        "24h, permanent, -"
    })
    void anotherLengthMovesTheEndCountedFromTheBeginning(String before, String length, String end) {
        ViewBuilder view = underLock().length(before).until("2030-01-02T00:00:00Z");

        Map<String, @Nullable String> written = written(view, Wish.locked("o/r", null, length));

        Map<String, @Nullable String> expected = new HashMap<>();
        expected.put(Names.LOCK_DURATION, length);
        expected.put(Names.UNLOCK_TIMESTAMP, end.equals("-") ? null : end);
        assertThat(written).isEqualTo(expected);
    }

    @Test
    void theNamespacesOwnLengthCountsAgainWhenTheRequestGivesNoneAnyMore() {
        NamespaceView own = after(underLock().length("24h").notes(null, "48h"), held("o/r"));
        NamespaceView standard = after(underLock().length("24h"), held("o/r"));

        assertThat(own.unlockTimestamp()).isEqualTo("2030-01-03T00:00:00Z");
        assertThat(own.lockDuration()).isEqualTo("48h");
        assertThat(standard.unlockTimestamp()).isEqualTo("2030-01-08T00:00:00Z");
        assertThat(standard.lockDuration()).isNull();
    }

    @Test
    void aPermanentLockGetsAnEndWithALength() {
        ViewBuilder view = underLock().length("permanent").until(null);

        assertThat(after(view, Wish.locked("o/r", null, "24h")).unlockTimestamp())
                .isEqualTo("2030-01-02T00:00:00Z");
    }

    @Test
    void aLockThatStoodBeforeCountsAnew() {
        ViewBuilder standing =
                done("tenant", 5).lockedAt("2029-01-01T00:00:00Z").until("2030-01-08T00:00:00Z");

        NamespaceView after = after(standing, Wish.locked("o/r", null, "24h"));

        assertThat(after.lockedAt()).isEqualTo("2030-01-02T00:00:00Z");
        assertThat(after.unlockTimestamp()).isEqualTo("2030-01-03T00:00:00Z");
    }

    @Test
    void aLockWhoseBeginningCannotBeReadCountsAnew() {
        for (String lockedAt : new String[] {null, "yesterday"}) {
            NamespaceView after = after(underLock().lockedAt(lockedAt), Wish.locked("o/r", null, "24h"));

            assertThat(after.lockedAt()).isEqualTo("2030-01-02T00:00:00Z");
            assertThat(after.unlockTimestamp()).isEqualTo("2030-01-03T00:00:00Z");
        }
    }

    @Test
    void theSameLengthMovesNothing() {
        ViewBuilder standing = done("tenant", 5).length("24h").until("2030-01-08T00:00:00Z");

        assertThat(written(standing, Wish.locked("o/r", null, "24h")))
                .containsOnlyKeys(Names.HELD_BY, Names.ORIGINAL_LOCK_DURATION);
    }

    @Test
    void noEndIsWrittenWhereNothingIsLockedYetNorWhereALockIsGivenUp() {
        assertThat(written(active("tenant", 5), Wish.locked("o/r", null, "24h")))
                .doesNotContainKeys(Names.UNLOCK_TIMESTAMP, Names.LOCKED_AT);
        assertThat(written(underLock().length("24h"), Wish.ACTIVE))
                .doesNotContainKeys(Names.UNLOCK_TIMESTAMP, Names.LOCKED_AT)
                .containsKeys(Names.LOCK_DURATION);
    }

    @Test
    void aNamespaceThatIsEndingIsLeftAlone() {
        assertThat(written(view("tenant", 5).terminating(), held("o/r"))).isEmpty();
    }

    // Properties.

    private static final String[] TEXTS = {null, "a", "b", "24h", "7d", "permanent"};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsWrittenFulfilsTheWishAndIsWrittenOnce(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            NamespaceView before = view("tenant", 5)
                    .status(pick(random, null, "active", "locked", "frozen"))
                    .applied(pick(random, null, "locking", "locked"))
                    .until(pick(random, null, "2030-01-08T00:00:00Z", "rubbish"))
                    .reason(pick(random, TEXTS))
                    .length(pick(random, TEXTS))
                    .heldBy(pick(random, null, "o/r", "o/r,o/s"))
                    .lockedAt(pick(random, null, "2030-01-01T00:00:00Z", "rubbish"))
                    .notes(pick(random, null, "", "a"), pick(random, null, "", "7d"))
                    .build();
            Wish wish = wish(random);

            Optional<NamespacePatch> patch = HoldDecision.of(before, wish, NOW, A_WEEK);
            NamespaceView after = patch.map(each -> apply(before, each)).orElse(before);

            String as = "seed %d, run %d: %s for %s".formatted(seed, run, before, wish);
            assertThat(patch.isEmpty()).as(as).isEqualTo(wish.fulfilledBy(before));
            assertThat(wish.fulfilledBy(after)).as(as).isTrue();
            assertThat(HoldDecision.of(after, wish, NOW, A_WEEK)).as(as).isEmpty();
        }
    }

    private static Wish wish(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Wish.NOTHING;
            case 1 -> Wish.ACTIVE;
            default -> Wish.locked(random.nextBoolean() ? "o/r" : "o/r,o/s", pick(random, TEXTS), pick(random, TEXTS));
        };
    }

    private static @Nullable String pick(Random random, @Nullable String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    /** Holders join and leave in any order, and change what they want: the last one leaves everything as it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whenTheLastHolderLeavesTheAnnotationsAreAsBefore(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            NamespaceView before = view("tenant", 5)
                    .status(pick(random, null, "active", "locked"))
                    .reason(pick(random, TEXTS))
                    .length(pick(random, TEXTS))
                    .build();
            NamespaceView now = before;
            Map<String, BlockRequestView> holders = new TreeMap<>();
            for (int step = random.nextInt(8); step >= 0; step--) {
                String name = "r" + random.nextInt(4);
                if (random.nextInt(3) == 0) {
                    holders.remove(name);
                } else {
                    holders.put(
                            name,
                            RequestBuilder.locked(name)
                                    .because(pick(random, TEXTS), pick(random, TEXTS))
                                    .view());
                }
                now = decide(now, holders);
                if (random.nextInt(4) == 0) {
                    // People lay a hand on what the requests have written.
                    now = new ViewBuilder(now)
                            .status(pick(random, null, "active", "locked"))
                            .build();
                }
            }
            now = decide(now, Map.of());

            String as = "seed %d, run %d, before %s".formatted(seed, run, before);
            Map<String, String> restored = new TreeMap<>(stored(now).annotations());
            restored.keySet().retainAll(RESTORED);
            assertThat(restored).as(as).isEqualTo(stored(before).annotations());
            assertThat(now.heldBy()).as(as).isNull();
        }
    }

    private static NamespaceView decide(NamespaceView now, Map<String, BlockRequestView> holders) {
        List<BlockRequestView> all = new ArrayList<>(holders.values());
        Wish wish = all.isEmpty() ? Wish.ACTIVE : Holders.wish(all, A_WEEK);
        return HoldDecision.of(now, wish, NOW, A_WEEK)
                .map(patch -> apply(now, patch))
                .orElse(now);
    }

    // What several holders come to.

    @ParameterizedTest
    @CsvSource({
        "24h,       48h,     48h",
        "48h,       24h,     48h",
        "7d,        24h,     7d",
        "permanent, 9999d,   permanent",
        "24h,       permanent, permanent",
        "rubbish,   1m,      rubbish",
        "1440m,     24h,     1440m",
        "24h,       ,        ",
        ",          24h,     ",
        "8d,        ,        8d",
        ",          permanent, permanent",
        ",          ,        "
    })
    void theLongestLengthCounts(@Nullable String one, @Nullable String other, @Nullable String expected) {
        Wish wish = Holders.wish(
                List.of(
                        RequestBuilder.locked("a").because(null, one).view(),
                        RequestBuilder.locked("b").because(null, other).view()),
                A_WEEK);

        assertThat(wish.lockDuration(view("tenant", 5).build())).isEqualTo(expected);
        assertThat(wish.heldBy()).isEqualTo("ops/a,ops/b");
    }

    /** One of the requests leaves the length to the namespace, and is not to be disappointed by the other. */
    @ParameterizedTest
    @CsvSource({
        "30d, , 8d, ",
        "permanent, , 9999d, ",
        "1h, , 8d, 8d",
        "8d, 30d, 8d, ",
        "8d, '', 8d, 8d",
        "8d, '', 24h, "
    })
    void theNamespacesOwnLengthStandsIfItIsLonger(
            String value, @Nullable String note, String given, @Nullable String expected) {
        Wish wish = Wish.lockedAtLeast(A_WEEK, "ops/a,ops/b", null, given);

        assertThat(wish.lockDuration(
                        view("tenant", 5).length(value).notes(null, note).build()))
                .isEqualTo(expected);
    }

    /** It was let go, and its unlock is not through: the end of the lock before must not be the end of this one. */
    @Test
    void aNamespaceThatIsTakenAgainBeforeItIsOpenIsLockedAnew() {
        ViewBuilder released = active("tenant", 5).applied("locking").until("2030-01-01T23:59:00Z");

        NamespaceView after = after(released, held("o/r"));

        assertThat(after.lockedAt()).isEqualTo("2030-01-02T00:00:00Z");
        assertThat(after.unlockTimestamp()).isEqualTo("2030-01-09T00:00:00Z");
    }

    @Test
    void anEndThatStoodBeforeTheFirstLockIsKeptUnlessItIsPast() {
        assertThat(after(active("tenant", 5).until("2031-01-01T00:00:00Z"), held("o/r"))
                        .unlockTimestamp())
                .isEqualTo("2031-01-01T00:00:00Z");
        assertThat(after(active("tenant", 5).until("2029-01-01T00:00:00Z"), held("o/r"))
                        .unlockTimestamp())
                .isEqualTo("2030-01-09T00:00:00Z");
    }

    /** Requests that come and go: the end never comes nearer than a full length from now. */
    @Test
    void anEndThatWouldComeNearerBecauseAnotherRequestHoldsCountsFromNow() {
        NamespaceView month = underLock()
                .heldBy("o/month,o/day")
                .length("30d")
                .notes(null, "")
                .lockedAt("2029-12-20T00:00:00Z")
                .until("2030-01-19T00:00:00Z")
                .build();

        NamespaceView after = after(new ViewBuilder(month), Wish.locked("o/day", null, "24h"));

        assertThat(after.lockedAt()).isEqualTo("2030-01-02T00:00:00Z");
        assertThat(after.unlockTimestamp()).isEqualTo("2030-01-03T00:00:00Z");
    }

    @Test
    void anEndThatGoesFurtherAwayBecauseAnotherRequestHoldsCountsFromWhenTheLockWasBegun() {
        NamespaceView day = underLock()
                .heldBy("o/day")
                .length("24h")
                .notes(null, "")
                .lockedAt("2030-01-01T12:00:00Z")
                .until("2030-01-02T12:00:00Z")
                .build();

        NamespaceView after = after(new ViewBuilder(day), Wish.locked("o/day,o/month", null, "30d"));

        assertThat(after.lockedAt()).isEqualTo("2030-01-01T12:00:00Z");
        assertThat(after.unlockTimestamp()).isEqualTo("2030-01-31T12:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"one, two, one; two", "one, one, one", "one, , one", ", two, two", ", , ", "'', two, two"})
    void allReasonsAreTold(@Nullable String one, @Nullable String other, @Nullable String expected) {
        Wish wish = Holders.wish(
                List.of(
                        RequestBuilder.locked("a").because(one, null).view(),
                        RequestBuilder.locked("b").because(other, null).view()),
                A_WEEK);

        assertThat(wish.reason()).isEqualTo(expected);
    }
}
