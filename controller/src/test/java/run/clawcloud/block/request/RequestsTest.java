package run.clawcloud.block.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;
import static run.clawcloud.block.feed.ViewBuilder.view;
import static run.clawcloud.block.request.RequestBuilder.active;
import static run.clawcloud.block.request.RequestBuilder.locked;
import static run.clawcloud.block.request.RequestBuilder.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.feed.ViewBuilder;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.state.ChangeListener;
import run.clawcloud.block.state.Deadline;
import run.clawcloud.block.state.EventFilter;
import run.clawcloud.block.state.Hold;
import run.clawcloud.block.state.NamespaceState;
import run.clawcloud.block.state.Namespaces;
import run.clawcloud.block.state.Need;
import run.clawcloud.block.state.TargetPhase;
import run.clawcloud.block.state.Wish;
import run.clawcloud.block.time.SetClock;
import tools.jackson.core.JsonParser;

/** What requests that come, change and go want of namespaces. */
class RequestsTest {

    private final List<String> heard = new ArrayList<>();
    private final Requests requests = new Requests(
            new RequestListener() {
                @Override
                public void changed(String key) {
                    heard.add("changed " + key);
                }

                @Override
                public void selectors(Selectors selectors, boolean added) {
                    heard.add((selectors.isEmpty() ? "no selectors" : "selectors") + (added ? ", one is new" : ""));
                }
            },
            RequestBuilder.A_WEEK,
            RequestNamespaces.ALL);
    private final Namespaces namespaces = new Namespaces(
            new ChangeListener() {
                @Override
                public void needed(String namespace, Cause cause) {
                    heard.add("needed " + namespace);
                }

                @Override
                public void notice(String namespace, Notice notice, Deadline deadline) {}

                @Override
                public void unsettled(String namespace, Cause cause) {
                    heard.add("unsettled " + namespace);
                }

                @Override
                public void missing(boolean any) {
                    heard.add("missing " + any);
                }
            },
            new SetClock("2030-01-01T00:00:00Z"),
            requests,
            Set.of("kube-system", "shielded"));

    @BeforeEach
    void join() {
        requests.join(namespaces);
    }

    private List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    /** All requests are known, these among them, and then all namespaces. */
    private void start(List<RequestBuilder> known, ViewBuilder... views) {
        relistRequests(known);
        listNamespaces(100, views);
        take();
    }

    private void relistRequests(List<RequestBuilder> known) {
        requests.listBegins();
        known.forEach(each -> requests.listed(each.view()));
        requests.listEnds();
    }

    private void listNamespaces(long resourceVersion, ViewBuilder... views) {
        requests.namespacesListBegins();
        namespaces.listBegins(true);
        for (ViewBuilder each : views) {
            namespaces.listed(each.build());
        }
        namespaces.listEnds(resourceVersion);
        requests.namespacesListEnds();
    }

    private Wish wish(String namespace) {
        return namespaces.hold(namespace).map(Hold::wish).orElse(Wish.NOTHING);
    }

    private boolean unsettled(String namespace) {
        return namespaces.hold(namespace).map(Hold::unsettled).orElse(false);
    }

    private int number(String name) {
        return requests.get("ops/" + name).orElseThrow().number();
    }

    private static Wish heldBy(String keys) {
        return Wish.locked(keys, null, null);
    }

    // Coming, changing, going.

    @Test
    void aLockedRequestHoldsWhatItNames() {
        start(List.of(), view("a", 5), view("b", 6));

        requests.changed(locked("r", "a").view());

        assertThat(take()).containsExactlyInAnyOrder("unsettled a", "changed ops/r");
        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
        assertThat(wish("b")).isEqualTo(Wish.NOTHING);
        assertThat(requests.key(number("r"))).contains("ops/r");
    }

    @Test
    void whatARequestNoLongerNamesIsReleased() {
        start(List.of(locked("r", "a", "b")), held("a"), held("b"));

        requests.changed(locked("r", "a", "b").namespaces("b").view());

        assertThat(take()).containsExactlyInAnyOrder("unsettled a", "changed ops/r");
        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(wish("b")).isEqualTo(heldBy("ops/r"));
    }

    private static ViewBuilder held(String name) {
        return done(name, 5).heldBy("ops/r");
    }

    @Test
    void aRelistFindsWhoIsGone() {
        start(
                List.of(locked("r", "a"), locked("s", "b")),
                held("a"),
                done("b", 6).heldBy("ops/s"));

        relistRequests(List.of(locked("s", "b")));

        assertThat(take()).contains("changed ops/r", "unsettled a").doesNotContain("unsettled b");
        assertThat(requests.get("ops/r")).isEmpty();
        assertThat(unsettled("a")).isTrue();
        assertThat(wish("b")).isEqualTo(heldBy("ops/s"));
    }

    @Test
    void anotherRequestUnderTheSameNameIsAnotherOne() {
        start(List.of(locked("r", "a").at(7)), held("a"), view("b", 6));
        int before = number("r");

        requests.changed(locked("r", "b").uid("another").at(3).view());

        assertThat(number("r")).isNotEqualTo(before);
        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(unsettled("a")).isTrue();
        assertThat(wish("b")).isEqualTo(heldBy("ops/r"));
        assertThat(requests.key(before)).isEmpty();
    }

    @Test
    void theEndOfAnEarlierOneUnderTheSameNameIsNoEnd() {
        start(List.of(locked("r", "a").uid("another")), held("a"));

        requests.deleted(locked("r", "a").view());

        assertThat(requests.get("ops/r")).isPresent();
        assertThat(take()).isEmpty();
    }

    @Test
    void anOlderViewChangesNothing() {
        RequestBuilder newer = locked("r", "a").at(7).namespaces("a");
        start(List.of(newer), held("a"));

        requests.changed(active("r", "a").view());

        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
        assertThat(take()).isEmpty();
    }

    /** Etcd was restored from a backup: versions and generations begin again where they were then. */
    @Test
    void anOlderViewInAListIsWhatIs() {
        start(List.of(locked("r", "a").at(7)), held("a"));

        relistRequests(List.of(locked("r", "b").at(5)));

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(wish("b").holds()).isTrue();
    }

    @Test
    void aListThatIsOlderThanAnAnswerOfTheMeantimeTakesNothingBack() {
        start(List.of(locked("r", "a").at(7)), held("a"));
        requests.listBegins();
        requests.observed(locked("r", "a").at(9).view());
        requests.listed(locked("r", "a").at(7).view());
        requests.listEnds();

        requests.changed(active("r", "a").at(8).view());

        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
    }

    @Test
    void anAnswerThatCameBeforeAListIsNoReasonToDoubtThatList() {
        start(List.of(locked("r", "a").at(7)), held("a"));
        requests.listBegins();
        requests.observed(locked("r", "a").at(9).view());
        requests.listed(locked("r", "a").at(9).view());
        requests.listEnds();

        relistRequests(List.of(locked("r", "b").at(5)));

        assertThat(wish("b").holds()).isTrue();
    }

    /** A watch may tell of the end of a request before its last write is answered. */
    @Test
    void anAnswerThatComesAfterTheEndOfARequestDoesNotBringItBack() {
        start(List.of(locked("r", "a")), held("a"));
        requests.deleted(locked("r", "a").view());
        take();

        requests.observed(locked("r", "a").at(9).view());

        assertThat(requests.get("ops/r")).isEmpty();
        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(take()).isEmpty();
    }

    @Test
    void anAnswerOfAnEarlierRequestUnderTheSameNameChangesNothing() {
        start(List.of(locked("r", "a").uid("another")), held("a"));

        requests.observed(locked("r", "b").at(9).view());

        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
        assertThat(take()).isEmpty();
    }

    @Test
    void anAnswerIsTakenOver() {
        start(List.of(locked("r", "a")), held("a"));

        requests.observed(locked("r", "a").status(BlockRequestStatus.NONE).at(9).view());

        assertThat(requests.get("ops/r").orElseThrow().view().resourceVersion()).isEqualTo(9);
        assertThat(take()).containsExactly("changed ops/r");
    }

    // Selectors.

    @Test
    void selectorsArePublishedWhenOneIsAddedChangedOrRemoved() {
        start(List.of());
        RequestBuilder none = locked("r", "a");
        RequestBuilder first = none.selecting(selector("team", "a"));
        RequestBuilder same = first.because("why", null);
        RequestBuilder second = same.selecting(selector("team", "b"));
        RequestBuilder removed = second.selecting(null);

        requests.changed(none.view());
        assertThat(take()).contains("changed ops/r").noneMatch(each -> each.contains("selectors"));
        requests.changed(first.view());
        assertThat(take()).contains("selectors, one is new");
        requests.changed(same.view());
        assertThat(take()).noneMatch(each -> each.contains("selectors"));
        requests.changed(second.view());
        assertThat(take()).contains("selectors, one is new");
        requests.changed(removed.view());
        assertThat(take()).contains("no selectors");
    }

    @Test
    void theSelectorOfARequestThatIsGoneIsTakenBack() {
        RequestBuilder one = locked("r").selecting(selector("team", "a"));
        RequestBuilder other = locked("s").selecting(selector("team", "b"));
        start(List.of(one, other));

        requests.deleted(one.view());
        assertThat(take()).contains("selectors");
        requests.deleted(other.view());
        assertThat(take()).contains("no selectors");
    }

    @Test
    void whatASelectorMatchesIsHeldUntilItMatchesNoMore() {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        start(List.of(request));
        int number = number("r");

        namespaces.changed(view("a", 101)
                .matches(requests.edition(), Set.of(number), Set.of(number))
                .build());
        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
        namespaces.changed(done("a", 102)
                .heldBy("ops/r")
                .matches(requests.edition(), Set.of(number), Set.of(number))
                .build());
        assertThat(unsettled("a")).isFalse();

        namespaces.changed(done("a", 103)
                .heldBy("ops/r")
                .matches(requests.edition(), Set.of(number), Set.of())
                .build());
        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(unsettled("a")).isTrue();
    }

    @Test
    void aSelectorIsEvaluatedOnceAllNamespacesWereHeldAgainstIt() {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        relistRequests(List.of(request));
        assertThat(evaluated()).isFalse();
        take();
        listNamespaces(100);
        assertThat(evaluated()).isTrue();
        assertThat(take()).containsExactly("changed ops/r");

        RequestBuilder same = request.because("why", null);
        requests.changed(same.view());
        assertThat(evaluated()).isTrue();

        requests.changed(same.selecting(selector("team", "b")).view());
        assertThat(evaluated()).isFalse();
    }

    private boolean evaluated() {
        return requests.get("ops/r").orElseThrow().evaluated();
    }

    @Test
    void aRequestMayGoWhileNamespacesAreListed() {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        relistRequests(List.of(request));
        requests.namespacesListBegins();
        requests.deleted(request.view());
        take();

        requests.namespacesListEnds();

        assertThat(take()).isEmpty();
    }

    @Test
    void whatASelectorThatWasTakenAwayHadMatchedCountsForNothing() {
        RequestBuilder request = locked("r", "b").selecting(selector("team", "a"));
        start(List.of(request));
        int number = number("r");
        int edition = requests.edition();
        requests.changed(request.selecting(null).view());

        namespaces.changed(
                view("a", 101).matches(edition, Set.of(number), Set.of(number)).build());

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
    }

    /** A worker's answer may be on its way for as long as the selector takes to change and the list to be made. */
    @Test
    void whatTheSelectorBeforeMatchedCountsForNothingOnceItReadsDifferently() {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        start(List.of(request), view("a", 90).status("active"));
        int number = number("r");
        NamespaceView late = view("a", 101)
                .status("active")
                .matches(requests.edition(), Set.of(number), Set.of(number))
                .build();

        requests.changed(request.selecting(selector("team", "b")).view());
        int edition = requests.edition();
        listNamespaces(100, view("a", 90).status("active").matches(edition, Set.of(number), Set.of()));
        namespaces.observed(late, 90);
        namespaces.changed(late);

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(unsettled("a")).isFalse();
    }

    /** Were the late answer noted, the event of the same version would be taken for its echo. */
    @Test
    void anAnswerOfTheSelectorBeforeDoesNotHideTheEventOfTheSameVersion() throws Exception {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        start(List.of(request), view("a", 90).status("active"));
        int number = number("r");
        AtomicReference<Selectors> current =
                new AtomicReference<>(Selectors.of(requests.edition(), Map.of(number, selector("team", "a"))));
        NamespaceReading reading = new NamespaceReading(current::get);
        byte[] moved = """
            {"metadata":{"name":"a","resourceVersion":"101","labels":{"team":"b","clawcloud.run/status":"active"}}}
            """.getBytes(UTF_8);
        NamespaceView late = read(reading, moved).view();

        requests.changed(request.selecting(selector("team", "b")).view());
        current.set(Selectors.of(requests.edition(), Map.of(number, selector("team", "b"))));
        listNamespaces(100, view("a", 90).status("active").matches(requests.edition(), Set.of(number), Set.of()));
        namespaces.observed(late, 90);
        new EventFilter(namespaces).changed(read(reading, moved));

        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
        assertThat(unsettled("a")).isTrue();
    }

    private static NamespaceReading read(NamespaceReading reading, byte[] document) {
        try (JsonParser parser = Json.parser(document)) {
            parser.nextToken();
            return reading.read(parser);
        }
    }

    @Test
    void withoutItsSelectorARequestReleasesWhatThatMatched() {
        RequestBuilder request = locked("r", "b").selecting(selector("team", "a"));
        start(List.of(request));
        int number = number("r");
        namespaces.changed(done("a", 102)
                .heldBy("ops/r")
                .matches(requests.edition(), Set.of(number), Set.of(number))
                .build());
        namespaces.changed(done("b", 103)
                .heldBy("ops/r")
                .matches(requests.edition(), Set.of(number), Set.of(number))
                .build());

        requests.changed(request.selecting(null).view());

        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(wish("b")).isEqualTo(heldBy("ops/r"));
    }

    @Test
    void aRequestWithASelectorIsKnownToTheFullOnceAllNamespacesAreListed() {
        start(List.of());
        requests.changed(locked("r").selecting(selector("team", "a")).view());
        assertThat(requests.get("ops/r").orElseThrow().evaluated()).isFalse();

        listNamespaces(100);

        assertThat(requests.get("ops/r").orElseThrow().evaluated()).isTrue();
        assertThat(take()).contains("changed ops/r");
    }

    @Test
    void aListThatBeganBeforeTheSelectorDoesNotCount() {
        RequestBuilder request = locked("r").selecting(selector("team", "a"));
        start(List.of(request));

        requests.namespacesListBegins();
        requests.changed(request.selecting(selector("team", "b")).view());
        requests.changed(locked("s").selecting(selector("team", "c")).view());
        requests.namespacesListEnds();

        assertThat(requests.get("ops/r").orElseThrow().evaluated()).isFalse();
        assertThat(requests.get("ops/s").orElseThrow().evaluated()).isFalse();
    }

    // Active requests.

    @Test
    void anActiveRequestActsOncePerGeneration() {
        RequestBuilder request = active("r", "a");
        start(List.of(request), done("a", 5));
        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(unsettled("a")).isTrue();

        requests.carriedOut(requests.get("ops/r").orElseThrow());
        namespaces.changed(done("a", 101).build());
        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(unsettled("a")).isFalse();

        requests.changed(request.because("again", null).view());
        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(unsettled("a")).isTrue();
    }

    /** As seen by a process that stands by: a lock of later is not for this request to undo, whoever leads then. */
    @Test
    void itsStatusSaysThatAnotherProcessHasActed() {
        RequestBuilder request = active("r", "a");
        start(List.of(request), done("a", 5));
        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);

        requests.changed(request.done(BlockRequestStatus.APPLIED).view());
        namespaces.changed(done("a", 101).build());

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(unsettled("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {BlockRequestStatus.APPLIED, BlockRequestStatus.PARTLY_FAILED})
    void itsStatusSaysAfterARestartThatItHasActed(String reason) {
        start(List.of(active("r", "a").done(reason)), done("a", 5));

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
        assertThat(unsettled("a")).isFalse();
    }

    @Test
    void whatWasUnderWayAtARestartGoesOn() {
        start(List.of(active("r", "a").done(BlockRequestStatus.PROGRESSING)), done("a", 5));

        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
    }

    @Test
    void whatWasCarriedOutOfAnEarlierGenerationDoesNotCount() {
        RequestBuilder request = active("r", "a");
        start(List.of(request), done("a", 5));
        Request before = requests.get("ops/r").orElseThrow();
        requests.changed(request.because("again", null).view());

        requests.carriedOut(before);

        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
    }

    // Several requests.

    @Test
    void twoThatDisagree_lockedWins() {
        start(List.of(active("a", "x"), locked("b", "x")), view("x", 5));

        assertThat(wish("x")).isEqualTo(heldBy("ops/b"));
        assertThat(namespaces.countTargets(number("a"), false)).containsEntry(TargetPhase.FAILED, 1);
        assertThat(namespaces.firstTargets(number("a"), false, 9))
                .singleElement()
                .satisfies(target -> assertThat(target.message()).isEqualTo("is held by ops/b"));
    }

    @Test
    void whatOneGivesUpStaysWithTheOther() {
        RequestBuilder one = locked("a", "x");
        start(List.of(one, locked("b", "x")), done("x", 5).heldBy("ops/a,ops/b"));
        assertThat(unsettled("x")).isFalse();

        requests.changed(one.deleting().view());

        assertThat(wish("x")).isEqualTo(heldBy("ops/b"));
        assertThat(unsettled("x")).isTrue();
    }

    // Deletion.

    @Test
    void aRequestThatIsBeingDeletedOpensWhatItHeld() {
        RequestBuilder request = locked("r", "a");
        start(List.of(request), held("a"));

        requests.changed(request.deleting().view());

        assertThat(wish("a")).isEqualTo(Wish.ACTIVE);
        assertThat(namespaces.unsettled(number("r"))).isEqualTo(1);
    }

    @Test
    void anActiveRequestThatIsBeingDeletedAsksForNothing() {
        RequestBuilder request = active("r", "a");
        start(List.of(request), view("a", 5));

        requests.changed(request.deleting().view());

        assertThat(wish("a")).isEqualTo(Wish.NOTHING);
    }

    /** Whichever comes first, the answer to the write that takes the finalizer away or the news of the end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfARequestThatHasReleasedEverythingCallsForNothing(boolean answered) {
        RequestBuilder deleting = locked("r", "a", "b").deleting();
        start(List.of(deleting), ViewBuilder.active("a", 5), ViewBuilder.active("b", 6));
        assertThat(namespaces.unsettled(number("r"))).isZero();

        if (answered) {
            requests.observed(deleting.finalizers().view());
        }
        requests.deleted(deleting.finalizers().view());

        assertThat(take()).containsOnly("changed ops/r");
    }

    // Before all requests are known.

    @Test
    void aHeldNamespaceIsLeftAloneUntilAllRequestsAreKnown() {
        listNamespaces(100, held("a"), locked("b", 6));

        assertThat(unsettled("a")).isFalse();
        assertThat(namespaces.get("a").map(NamespaceState::need)).contains(Need.NOTHING);
        assertThat(namespaces.get("b").map(NamespaceState::need)).contains(Need.LOCK);
    }

    @Test
    void notEvenTheOneRequestThatIsKnownSaysEnough() {
        requests.listBegins();
        requests.listed(locked("r", "a").view());
        listNamespaces(100, done("a", 5).heldBy("ops/r,ops/s"));

        assertThat(unsettled("a")).isFalse();
        assertThat(namespaces.get("a").map(NamespaceState::need)).contains(Need.NOTHING);
    }

    @Test
    void onceAllAreKnownTheNextListTellsWhatIsToBeDone() {
        listNamespaces(100, held("a"), done("b", 6).heldBy("ops/gone"), view("c", 7));

        relistRequests(List.of(locked("r", "a", "c")));
        take();
        listNamespaces(101, held("a"), done("b", 6).heldBy("ops/gone"), view("c", 7));

        assertThat(take()).contains("unsettled b", "unsettled c").doesNotContain("unsettled a");
        assertThat(unsettled("b")).isTrue();
        assertThat(wish("b").holds()).isFalse();
    }

    // Names of what is not there, and what is protected.

    @Test
    void aNameWithoutANamespaceIsWaitedFor() {
        start(List.of());

        requests.changed(locked("r", "a").view());
        assertThat(take()).contains("unsettled a");
        namespaces.forgotten("a", 0);
        assertThat(take()).contains("missing true");
        assertThat(namespaces.firstTargets(number("r"), true, 9))
                .singleElement()
                .satisfies(target -> assertThat(target.message()).isEqualTo("does not exist"));

        namespaces.changed(view("a", 101).build());
        assertThat(take()).contains("missing false", "unsettled a");
        assertThat(wish("a")).isEqualTo(heldBy("ops/r"));
    }

    /** A worker knew the new one already; the list speaks of the one before, and the watch goes on from there. */
    @Test
    void anOldListDoesNotHideThatANamespaceWasMadeAnew() {
        start(List.of(locked("r", "a")), view("a", 60));

        listNamespaces(49, view("a", 48).terminating());
        assertThat(namespaces.hold("a")).isEmpty();
        namespaces.changed(view("a", 55).build());

        assertThat(namespaces.hold("a").orElseThrow().resourceVersion()).isEqualTo(55);
        assertThat(unsettled("a")).isTrue();
    }

    /** The list has passed it when it concerned nobody. */
    @Test
    void whatIsNamedWhileAListIsUnderWayIsLookedForAndNotTakenForMissing() {
        start(List.of(), view("a", 5));
        namespaces.listBegins(true);
        namespaces.listed(view("a", 5).build());
        requests.changed(locked("r", "a").view());
        take();

        namespaces.listEnds(101);

        assertThat(take()).containsExactly("unsettled a");
        assertThat(unsettled("a")).isTrue();
    }

    @Test
    void nobodyWaitsForANameAnyMoreWhenTheRequestIsGone() {
        start(List.of(locked("r", "a")));
        namespaces.forgotten("a", 100);
        take();

        requests.deleted(locked("r", "a").view());

        assertThat(take()).contains("changed ops/r");
        assertThat(namespaces.hold("a")).isEmpty();
        assertThat(namespaces.get("a")).isEmpty();
    }

    @Test
    void aProtectedNamespaceIsRefusedOnceAndHoldsUpNothing() {
        start(List.of(), view("shielded", 5));

        requests.changed(locked("r", "shielded").view());
        namespaces.changed(view("shielded", 101).build());

        assertThat(take()).containsOnlyOnce("unsettled shielded");
        assertThat(namespaces.hold("shielded").orElseThrow().refused()).isTrue();
        assertThat(namespaces.unsettled(number("r"))).isZero();
        assertThat(namespaces.countTargets(number("r"), true)).containsEntry(TargetPhase.FAILED, 1);
    }
}
