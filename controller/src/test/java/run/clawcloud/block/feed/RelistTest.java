package run.clawcloud.block.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.time.Pause;

/** A feed whose scope is changed, at every moment at which that can meet it. */
@Timeout(60)
class RelistTest {

    private static final String NARROW = NamespaceLister.WITH_STATUS;
    private static final String WIDE = NamespaceLister.EVERYTHING;

    private final ScriptedListWatch server = new ScriptedListWatch();
    private final Deque<String> listAnswers = new ArrayDeque<>();

    /** What the feed does, in the order that it does it. */
    private final List<String> story = new CopyOnWriteArrayList<>();

    /** What happens when the feed does that. */
    private volatile Consumer<String> incident = line -> {};

    private volatile Pause pause = duration -> tell("pause");

    private final Feed<NamespaceView> feed = new Feed<>(
            new Told(),
            NARROW,
            this::list,
            ViewBuilder::read,
            NamespaceView::resourceVersion,
            new Feed.Sink<>() {
                @Override
                public void changed(NamespaceView object) {
                    tell("changed " + object.name());
                }

                @Override
                public void deleted(NamespaceView object) {
                    tell("deleted " + object.name());
                }
            },
            new FeedMonitor() {
                @Override
                public void restarted(String reason) {
                    tell(reason);
                }
            },
            new Pause() {
                @Override
                public void sleep(Duration duration) throws InterruptedException {
                    pause.sleep(duration);
                }

                @Override
                public void sleepUnless(Semaphore wake, Duration longest) throws InterruptedException {
                    pause.sleepUnless(wake, longest);
                }
            },
            new Random(1));

    private @Nullable Thread thread;

    @Test
    void aListWithTheNewSelectorFollowsAndTheWatchGoesOnFromThere() {
        listAnswers.addAll(List.of("10", "20"));
        server.hold(added("a", 11), added("b", 12)).answer(added("c", 21));
        when("changed b", () -> feed.relist(WIDE));

        runToTheEnd();

        assertThat(story)
                .containsExactly(
                        "list clawcloud.run/status cached",
                        "watch clawcloud.run/status 10",
                        "changed a",
                        "changed b",
                        "scope",
                        "list everything from 12",
                        "watch everything 20",
                        "changed c",
                        "ended",
                        "watch everything 21");
        assertThat(server.held()).as("watches left behind").isZero();
    }

    @Test
    void withoutASelectorTheOneThatStandsIsListedAnew() {
        listAnswers.addAll(List.of("10", "20", "30"));
        server.hold(added("a", 11)).hold(added("b", 21)).answer(added("c", 31));
        when("changed a", () -> feed.relist(WIDE));
        when("changed b", feed::relist);

        runToTheEnd();

        assertThat(story)
                .filteredOn(line -> line.startsWith("list"))
                .containsExactly(
                        "list clawcloud.run/status cached", "list everything from 11", "list everything from 21");
    }

    @Test
    void fromAnotherThreadItEndsAWatchInWhichNothingHappens() throws Exception {
        listAnswers.addAll(List.of("10", "20"));
        server.hold().hold();
        start();
        await().until(() -> server.held() == 1 && told("watch clawcloud.run/status 10"));

        feed.relist(WIDE);

        await().until(() -> server.held() == 1 && told("watch everything 20"));
        stop();
        assertThat(server.held()).isZero();
        assertThat(story)
                .containsExactly(
                        "list clawcloud.run/status cached",
                        "watch clawcloud.run/status 10",
                        "scope",
                        "list everything from 10",
                        "watch everything 20");
    }

    /** The stream is there, and nobody reads it yet. */
    @Test
    void aWatchThatIsBeingOpenedIsClosedUnread() {
        listAnswers.addAll(List.of("10", "20"));
        server.hold(added("a", 11)).meanwhile(() -> feed.relist(WIDE)).answer(added("b", 21));

        runToTheEnd();

        assertThat(story)
                .containsExactly(
                        "list clawcloud.run/status cached",
                        "watch clawcloud.run/status 10",
                        "scope",
                        "list everything from 10",
                        "watch everything 20",
                        "changed b",
                        "ended",
                        "watch everything 21");
        assertThat(server.held()).isZero();
    }

    @Test
    void duringAListOneMoreFollowsAndNoWatchInBetween() {
        listAnswers.addAll(List.of("10", "20"));
        server.answer(added("a", 21));
        when("list clawcloud.run/status cached", () -> {
            feed.relist(WIDE);
            feed.relist(NARROW);
            feed.relist(WIDE);
        });

        runToTheEnd();

        assertThat(story)
                .startsWith(
                        "list clawcloud.run/status cached", "scope", "list everything from 10", "watch everything 20");
    }

    @Test
    void severalAreOneAndTheLastOneCounts() {
        listAnswers.addAll(List.of("10", "20"));
        server.hold(added("a", 11)).answer(added("b", 21));
        when("changed a", () -> {
            feed.relist(WIDE);
            feed.relist(NARROW);
            feed.relist("tier");
            feed.relist();
        });

        runToTheEnd();

        assertThat(story)
                .containsSubsequence("changed a", "scope", "list tier from 11", "watch tier 20")
                .filteredOn(line -> line.startsWith("list"))
                .hasSize(2);
    }

    @Test
    void beforeTheFeedRunsItBeginsWithThat() {
        listAnswers.add("10");
        server.answer(added("a", 11));

        feed.relist(WIDE);
        runToTheEnd();

        assertThat(story)
                .startsWith("list everything cached", "watch everything 10")
                .doesNotContain("scope");
    }

    @Test
    void aPauseIsCutShort() throws Exception {
        pause = Pause.REAL;
        listAnswers.addAll(List.of("10", "20"));
        server.refuse(429, Duration.ofHours(1)).hold();
        start();
        await().until(() -> told("failed"));

        feed.relist(WIDE);

        await().until(() -> told("watch everything 20"));
        stop();
    }

    @Test
    void thePauseAfterAnEmptyWatchIsCutShortToo() throws Exception {
        pause = duration -> {
            tell("pause");
            feed.relist(WIDE);
        };
        listAnswers.addAll(List.of("10", "20"));
        server.answer().answer(added("a", 21));

        runToTheEnd();

        assertThat(story)
                .startsWith(
                        "list clawcloud.run/status cached",
                        "watch clawcloud.run/status 10",
                        "ended",
                        "pause",
                        "scope",
                        "list everything from 10");
    }

    /** The failure is told, for it is one; the list comes at once all the same. */
    @Test
    void aFailureAtTheSameMomentIsNotWaitedOut() {
        listAnswers.addAll(List.of("10", "20"));
        server.refuse(500).meanwhile(() -> feed.relist(WIDE)).answer(added("a", 21));

        runToTheEnd();

        assertThat(story)
                .containsSubsequence("watch clawcloud.run/status 10", "failed", "scope", "list everything from 10")
                .doesNotContain("pause");
    }

    @Test
    void aWatchThatEndsAtTheSameMomentIsNoFailure() {
        listAnswers.addAll(List.of("10", "20"));
        server.cut(added("a", 11)).answer(added("b", 21));
        when("changed a", () -> feed.relist(WIDE));

        runToTheEnd();

        assertThat(story)
                .containsSubsequence("changed a", "scope", "list everything from 11")
                .doesNotContain("failed", "pause");
    }

    @Test
    void aVersionThatIsGoneAtTheSameMomentIsNotBuiltOn() {
        listAnswers.addAll(List.of("10", "20"));
        server.refuse(410).meanwhile(() -> feed.relist(WIDE)).answer(added("a", 21));

        runToTheEnd();

        assertThat(story).contains("list everything latest");
    }

    /** Of a server that was restored from a backup, or that can't send everything in one piece. */
    @Test
    void aListThatFailsIsFollowedByOneThatNeedsNoVersion() {
        listAnswers.addAll(List.of("10", "504", "20"));
        server.hold(added("a", 11)).answer(added("b", 21));
        when("changed a", () -> feed.relist(WIDE));

        runToTheEnd();

        assertThat(story)
                .containsSubsequence(
                        "list everything from 11", "failed", "pause", "list everything latest", "watch everything 20")
                .containsOnlyOnce("scope");
    }

    @Test
    void aServerThatIsBusyIsAskedForTheSameAgain() {
        listAnswers.addAll(List.of("10", "503", "429", "20"));
        server.hold(added("a", 11)).answer(added("b", 21));
        when("changed a", () -> feed.relist(WIDE));

        runToTheEnd();

        assertThat(story)
                .filteredOn(line -> line.startsWith("list everything"))
                .containsExactly("list everything from 11", "list everything from 11", "list everything from 11");
    }

    @Test
    void whenTheFeedIsStoppedAtTheSameMomentItStops() {
        listAnswers.add("10");
        server.hold(added("a", 11));
        when("changed a", () -> {
            feed.relist(WIDE);
            Thread.currentThread().interrupt();
        });

        runToTheEnd();

        assertThat(story).endsWith("changed a");
        assertThat(server.held()).isZero();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void afterTheEndItDoesNothing() {
        listAnswers.add("10");
        server.answer(added("a", 11));
        runToTheEnd();
        List<String> before = List.copyOf(story);

        feed.relist(WIDE);

        assertThat(story).isEqualTo(before);
    }

    /**
     * Changes from several threads, as fast as they can: never two watches, and the last scope is the one that stands.
     */
    @Test
    void howeverManyThereAreOneWatchRemains() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            server.hold();
        }
        start();
        List<Thread> others = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 500; j++) {
                    feed.relist(j % 2 == 0 ? WIDE : NARROW);
                    if (server.held() > 1) {
                        tell("two watches at once");
                    }
                }
            }));
        }
        for (Thread each : others) {
            each.join();
        }
        feed.relist("tier");

        await().until(() -> story.getLast().startsWith("watch tier") && server.held() == 1);
        stop();
        assertThat(server.held()).isZero();
        assertThat(story).doesNotContain("failed", "pause", "two watches at once");
    }

    private void when(String line, Runnable happens) {
        Consumer<String> next = incident;
        incident = told -> {
            if (told.equals(line)) {
                happens.run();
            }
            next.accept(told);
        };
    }

    private void tell(String line) {
        story.add(line);
        incident.accept(line);
    }

    private boolean told(String line) {
        return story.contains(line);
    }

    private long list(String labelSelector, long notOlderThan) throws ApiException {
        String how = switch ((int) notOlderThan) {
            case (int) Feed.Lister.CACHED -> "cached";
            case (int) Feed.Lister.LATEST -> "latest";
            default -> "from " + notOlderThan;
        };
        tell("list " + (labelSelector.isEmpty() ? "everything" : labelSelector) + " " + how);
        String answer = listAnswers.isEmpty() ? "10" : listAnswers.remove();
        if (answer.length() == 3) {
            throw new ApiException("list", Integer.parseInt(answer), "", "scripted", null);
        }
        return Long.parseLong(answer);
    }

    /** Runs to the end of the script, which interrupts. */
    private void runToTheEnd() {
        assertThatThrownBy(feed::run).isInstanceOf(InterruptedException.class);
    }

    private void start() {
        thread = Thread.ofVirtual().start(() -> {
            try {
                feed.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join();
        }
    }

    private static String added(String name, long version) {
        return """
            {"type":"ADDED","object":{"metadata":{"name":"%s","resourceVersion":"%d"}}}""".formatted(name, version);
    }

    /** The server, and what it is asked for. */
    private final class Told implements ListWatch {
        @Override
        public InputStream list(
                String labelSelector, int limit, @Nullable String continueToken, @Nullable String resourceVersion)
                throws ApiException, InterruptedException {
            return server.list(labelSelector, limit, continueToken, resourceVersion);
        }

        @Override
        public long resourceVersion() {
            return server.resourceVersion();
        }

        @Override
        public InputStream watch(String labelSelector, String resourceVersion, Duration timeout, Duration silence)
                throws ApiException, InterruptedException {
            tell("watch " + (labelSelector.isEmpty() ? "everything" : labelSelector) + " " + resourceVersion);
            return server.watch(labelSelector, resourceVersion, timeout, silence);
        }
    }
}
