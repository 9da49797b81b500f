package run.clawcloud.block.state;

import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.view;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.ViewBuilder;

/** What a BlockRequest hears of its namespaces and is told of them, and what becomes of one that vanishes. */
class TargetsTest {

    private static final int REQUEST = 3;
    private static final String HOLDER = "ops/r";

    private final List<String> heard = new ArrayList<>();
    private final Namespaces namespaces = new Namespaces(
            new ChangeListener() {
                @Override
                public void needed(String namespace, Cause cause) {}

                @Override
                public void notice(String namespace, Notice notice, Deadline deadline) {}

                @Override
                public void unsettled(String namespace, Cause cause) {
                    heard.add("unsettled " + namespace + " " + cause);
                }

                @Override
                public void targetChanged(int request) {
                    heard.add("target of " + request);
                }
            },
            InstantSource.system(),
            new Wishes() {
                @Override
                public Wish of(int... members) {
                    return Arrays.stream(members).anyMatch(member -> !Wishes.leaving(member))
                            ? Wish.locked(HOLDER, null, null)
                            : members.length > 0 ? Wish.ACTIVE : Wish.NOTHING;
                }

                @Override
                public boolean selects(int request) {
                    return false;
                }

                @Override
                public int edition() {
                    return 0;
                }
            },
            Set.of("shielded"));

    @BeforeEach
    void allRequestsAreKnown() {
        namespaces.requestsKnown();
    }

    private void know(ViewBuilder... views) {
        namespaces.listBegins(true);
        for (ViewBuilder each : views) {
            namespaces.listed(each.build());
        }
        namespaces.listEnds(100);
    }

    private void name(String... names) {
        NameList list = new NameList();
        for (String each : names) {
            list.add(each);
        }
        namespaces.named(REQUEST, list);
    }

    private List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    private List<String> first(int most) {
        return namespaces.firstTargets(REQUEST, true, most).stream()
                .map(target -> target.namespace() + " " + target.phase() + " " + target.message())
                .toList();
    }

    @Test
    void aRequestHearsOfWhateverChangesInItsNamespaces() {
        know(done("a", 5).heldBy(HOLDER));
        String told = "target of " + REQUEST;

        name("a");
        assertThat(take()).contains(told);
        namespaces.changed(view("a", 101).status("locked").heldBy(HOLDER).build());
        assertThat(take()).contains(told);
        namespaces.failed("a", "no");
        assertThat(take()).contains(told);
        namespaces.worked("a");
        assertThat(take()).contains(told);
        name();
        assertThat(take()).contains(told);
    }

    @Test
    void aHeldNamespaceThatVanishesIsLookedForBeforeAnythingElse() {
        know(done("a", 5).heldBy(HOLDER));
        name("a");
        namespaces.changed(done("a", 101).heldBy(HOLDER).build());
        take();

        namespaces.deleted(done("a", 102).heldBy(HOLDER).build());

        assertThat(take()).contains("unsettled a LIVE");
        assertThat(namespaces.hold("a")).map(Hold::unsettled).contains(true);
        assertThat(namespaces.get("a")).map(NamespaceState::need).contains(Need.NOTHING);
    }

    @Test
    void aProtectedNamespaceThatVanishesNeedsNoLook() {
        know(view("shielded", 5));
        name("shielded");
        namespaces.changed(view("shielded", 101).build());
        take();

        namespaces.deleted(view("shielded", 102).build());

        assertThat(take()).noneMatch(each -> each.startsWith("unsettled"));
        assertThat(first(1)).containsExactly("shielded FAILED is protected");
    }

    @Test
    void aNamespaceThatIsBeingDeletedIsToldAsThat() {
        know(done("a", 5).terminating());

        name("a");

        assertThat(first(1)).containsExactly("a FAILED is being deleted");
    }

    @Test
    void theFirstSoManyAreThoseThatFailedAndThenThoseOfTheFirstNames() {
        know(view("e", 1), view("d", 2), view("c", 3), view("b", 4), view("a", 5));
        name("a", "b", "c", "d", "e");
        namespaces.failed("d", "no");

        assertThat(first(3)).containsExactly("d FAILED no", "a PENDING ", "b PENDING ");
        assertThat(first(9)).hasSize(5);
    }

    /** So that a cluster in which all fails does not fill the memory. */
    @Test
    void aThousandReasonsAreKeptAndTheLogHasTheRest() {
        String[] names = IntStream.range(0, 1_001).mapToObj("n%04d"::formatted).toArray(String[]::new);
        know();
        name(names);
        for (String each : names) {
            namespaces.changed(view(each, 101).build());
            namespaces.failed(each, "no");
        }
        namespaces.failed("n0000", "no, again");

        assertThat(first(1_001))
                .startsWith("n0000 FAILED no, again", "n0001 FAILED no")
                .endsWith("n0999 FAILED no", "n1000 FAILED failed; the controller's log says why");
    }
}
