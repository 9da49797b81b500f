package run.clawcloud.block.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.time.NotedPause;

/** The feed against a scripted server: where it watches from, what it passes on, and when it waits. */
class FeedTest {

    private static final String SELECTOR = "clawcloud.run/status";

    private final ScriptedListWatch server = new ScriptedListWatch();
    private final NotedPause pause = new NotedPause();
    private final List<String> lists = new ArrayList<>();
    private final List<String> passedOn = new ArrayList<>();
    private final List<String> monitored = new ArrayList<>();

    @Test
    void watchesFromWhereTheListStood() {
        run(server.answer(added("a", 11)), "10");

        assertThat(lists).containsExactly("first");
        assertThat(server.calls()).first().isEqualTo("watch clawcloud.run/status rv=10");
    }

    @Test
    void passesOnWhatItHearsInOrder() {
        run(server.answer(added("a", 11), event("MODIFIED", "a", 12), event("DELETED", "a", 13)), "10");

        assertThat(passedOn).containsExactly("changed a 11", "changed a 12", "deleted a 13");
    }

    @Test
    void takesAWatchThatEndsUpAtItsLastEventWithoutAPause() {
        run(server.answer(added("a", 11), added("b", 12)).answer(added("c", 13)), "10");

        assertThat(watchedFrom()).containsExactly("10", "12", "13");
        assertThat(lists).hasSize(1);
        assertThat(pause.pauses()).isEmpty();
        assertThat(monitored).containsExactly("synced", "heard", "heard", "ended", "heard", "ended");
    }

    @Test
    void takesAWatchUpAtItsLastBookmark() {
        run(server.answer(added("a", 11), bookmark(500)), "10");

        assertThat(watchedFrom()).containsExactly("10", "500");
        assertThat(passedOn).containsExactly("changed a 11");
    }

    @Test
    void takesAWatchThatEndsSilentlyUpAgainAfterAPause() {
        run(server.answer().answer().answer(added("a", 11)).answer(), "10");

        assertThat(watchedFrom()).containsExactly("10", "10", "10", "11", "11");
        assertPauses(500, 1_000, 500);
    }

    @Test
    void listsAnewWhenTheServerRefusesAVersionAsGone() {
        run(server.answer(added("a", 11)).refuse(410).answer(added("b", 31)), "10", "30");

        assertThat(lists).containsExactly("first", "again");
        assertThat(watchedFrom()).containsExactly("10", "11", "30", "31");
        assertThat(monitored).contains("gone");
    }

    @Test
    void listsAnewWhenTheWatchSaysThatItsVersionIsGone() {
        run(server.answer(added("a", 11), error(410, "Expired")), "10", "30");

        assertThat(lists).containsExactly("first", "again");
        assertThat(watchedFrom()).containsExactly("10", "30");
        assertThat(passedOn).containsExactly("changed a 11");
    }

    @Test
    void anotherErrorInTheWatchEndsItAndNoMore() {
        run(server.answer(added("a", 11), error(500, "InternalError")), "10");

        assertThat(watchedFrom()).containsExactly("10", "11");
        assertThat(lists).hasSize(1);
        assertPauses(500);
        assertThat(monitored).endsWith("failed", "watch: 500 InternalError: scripted");
    }

    @Test
    void aWatchThatIsCutInMidEventGoesOnAfterTheLastWholeOne() {
        String whole = added("b", 12);
        for (int length = 1; length < whole.indexOf("\"spec\""); length++) {
            ScriptedListWatch source = new ScriptedListWatch();
            passedOn.clear();

            run(source.answer(added("a", 11), whole.substring(0, length)).answer(whole), "10");

            assertThat(source.calls())
                    .as(whole.substring(0, length))
                    .containsExactly(
                            "watch clawcloud.run/status rv=10",
                            "watch clawcloud.run/status rv=11",
                            "watch clawcloud.run/status rv=12");
            assertThat(passedOn).containsExactly("changed a 11", "changed b 12");
        }
    }

    @Test
    void aBrokenConnectionIsAFailureThatLosesNothing() {
        run(server.cut(added("a", 11)).cut(added("b", 12), "{\"type\":").answer(added("c", 13)), "10");

        assertThat(watchedFrom()).containsExactly("10", "11", "12", "13");
        assertThat(passedOn).containsExactly("changed a 11", "changed b 12", "changed c 13");
        assertPauses(500, 500);
    }

    /** Not even a bookmark: a server that was restored from a backup does not know the version yet. */
    @Test
    void aWatchThatFallsSilentIsListedAnew() {
        run(server.fallSilent(added("a", 11)).answer(added("b", 31)), "10", "30");

        assertThat(lists).containsExactly("first", "again");
        assertThat(watchedFrom()).containsExactly("10", "30", "31");
        assertPauses(500);
    }

    /**
     * It takes the watch, but would say nothing until it has come to where it begins, nor of what happens till then.
     */
    @Test
    void aServerThatWentBackInTimeIsListedAnew() {
        run(server.answer(added("a", 11)).answer().answer(added("b", 8)).at(11, 7), "10", "7");

        assertThat(lists).containsExactly("first", "again");
        assertThat(watchedFrom()).containsExactly("10", "11", "7", "8");
        assertThat(monitored).contains("gone");
        assertPauses(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"hello\"",
                "<html>",
                "{\"type\":\"SURPRISE\",\"object\":{}}",
                "{\"object\":{},\"type\":\"ADDED\"}",
                "{\"type\":\"ADDED\",\"object\":[]}",
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":7}}"
            })
    void whatIsNoWatchIsAFailureToo(String nonsense) {
        run(server.answer(added("a", 11), nonsense).answer(added("b", 12)), "10");

        assertThat(watchedFrom()).containsExactly("10", "11", "12");
        assertThat(passedOn).containsExactly("changed a 11", "changed b 12");
        assertPauses(500);
    }

    @Test
    void failuresInARowAreAnsweredWithLongerAndLongerPauses() {
        for (int i = 0; i < 9; i++) {
            server.refuse(503);
        }
        run(server, "10");

        assertPauses(500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000);
        assertThat(lists).hasSize(1);
    }

    @Test
    void whatIsHeardEndsTheRow() {
        run(server.refuse(500).refuse(500).answer(bookmark(11)).refuse(500), "10");

        assertPauses(500, 1_000, 500);
    }

    @Test
    void theServerMayAskForALongerPauseButNotForAShorterOne() {
        run(server.refuse(429, Duration.ofMinutes(7)).refuse(429, Duration.ZERO), "10");

        assertThat(pause.pauses().getFirst()).isEqualTo(Duration.ofMinutes(7));
        assertThat(pause.pauses().getLast()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
    }

    @Test
    void aListThatFailsIsStillTheFirstOneWhenItIsTriedAgain() {
        List<String> answers = new ArrayList<>(List.of("fail", "fail", "10"));
        Feed<NamespaceView> feed = feed(server.answer(added("a", 11)), (selector, notOlderThan) -> {
            lists.add(which(notOlderThan));
            String answer = answers.removeFirst();
            if (answer.equals("fail")) {
                throw new ApiException("list", 500, "", "scripted", null);
            }
            return Long.parseLong(answer);
        });

        assertThatThrownBy(feed::run).isInstanceOf(InterruptedException.class);

        assertThat(lists).containsExactly("first", "first", "first");
        assertPauses(500, 1_000);
        assertThat(monitored).containsOnlyOnce("synced");
    }

    @Test
    void anInterruptionEndsAFeedThatPauses() {
        run(server.refuse(500), true, "10");

        assertThat(server.calls()).hasSize(1);
        assertThat(pause.pauses()).isEmpty();
    }

    @Test
    void anInterruptionEndsAFeedThatReads() {
        run(server.cut(added("a", 11)).answer(added("b", 12)), true, "10");

        assertThat(server.calls()).hasSize(1);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** What the sink has not taken is told again. */
    @Test
    void aVersionCountsOnlyWhenTheSinkHasTakenTheEvent() {
        Feed<NamespaceView> feed = new Feed<>(
                server.answer(added("a", 11)).answer(added("a", 11)),
                SELECTOR,
                (selector, notOlderThan) -> 10,
                ViewBuilder::read,
                NamespaceView::resourceVersion,
                new Feed.Sink<>() {
                    @Override
                    public void changed(NamespaceView object) {
                        throw new IllegalStateException("no room");
                    }

                    @Override
                    public void deleted(NamespaceView object) {}
                },
                FeedMonitor.NONE,
                pause,
                new Random(1));

        assertThatThrownBy(feed::run).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(feed::run).isInstanceOf(IllegalStateException.class);

        assertThat(watchedFrom()).containsExactly("10", "10");
    }

    private void run(ScriptedListWatch source, String... listVersions) {
        run(source, false, listVersions);
    }

    /** Runs to the end of the script, which interrupts; or interrupts as soon as the list is made. */
    private void run(ScriptedListWatch source, boolean interrupt, String... listVersions) {
        List<String> versions = new ArrayList<>(List.of(listVersions));
        Feed<NamespaceView> feed = feed(source, (selector, notOlderThan) -> {
            lists.add(which(notOlderThan));
            if (interrupt) {
                Thread.currentThread().interrupt();
            }
            return Long.parseLong(versions.removeFirst());
        });

        assertThatThrownBy(feed::run).isInstanceOf(InterruptedException.class);
    }

    private static String which(long notOlderThan) {
        return switch ((int) notOlderThan) {
            case (int) Feed.Lister.CACHED -> "first";
            case (int) Feed.Lister.LATEST -> "again";
            default -> "not older than " + notOlderThan;
        };
    }

    private Feed<NamespaceView> feed(ScriptedListWatch source, Feed.Lister lister) {
        return new Feed<>(
                source,
                SELECTOR,
                lister,
                ViewBuilder::read,
                NamespaceView::resourceVersion,
                new Feed.Sink<>() {
                    @Override
                    public void changed(NamespaceView object) {
                        passedOn.add("changed " + object.name() + " " + object.resourceVersion());
                    }

                    @Override
                    public void deleted(NamespaceView object) {
                        passedOn.add("deleted " + object.name() + " " + object.resourceVersion());
                    }
                },
                new FeedMonitor() {
                    @Override
                    public void synced() {
                        monitored.add("synced");
                    }

                    @Override
                    public void heard() {
                        monitored.add("heard");
                    }

                    @Override
                    public void restarted(String reason) {
                        monitored.add(reason);
                    }

                    @Override
                    public void failed(ApiException failure, Duration retryIn) {
                        monitored.add(String.valueOf(failure.getMessage()));
                    }
                },
                pause,
                new Random(1));
    }

    private List<String> watchedFrom() {
        return server.calls().stream()
                .map(call -> call.substring(call.indexOf('=') + 1))
                .toList();
    }

    /** Each pause, a fifth more or less. */
    private void assertPauses(long... millis) {
        assertThat(pause.pauses()).hasSize(millis.length);
        for (int i = 0; i < millis.length; i++) {
            assertThat(pause.pauses().get(i).toMillis())
                    .as("pause %d", i)
                    .isBetween(millis[i] * 8 / 10, millis[i] * 12 / 10);
        }
    }

    private static String added(String name, long version) {
        return event("ADDED", name, version);
    }

    private static String event(String type, String name, long version) {
        return """
            {"type":"%s","object":{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s","resourceVersion":"%d"},\
            "spec":{"finalizers":["kubernetes"]}}}""".formatted(type, name, version);
    }

    private static String bookmark(long version) {
        return """
            {"type":"BOOKMARK","object":{"kind":"Namespace","metadata":{"annotations":{"a":"b"},"resourceVersion":"%d"},\
            "spec":{}}}""".formatted(version);
    }

    private static String error(int code, String reason) {
        return """
            {"type":"ERROR","object":{"kind":"Status","status":"Failure","code":%d,"reason":"%s","message":"scripted"}}""".formatted(code, reason);
    }
}
