package run.clawcloud.block.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static run.clawcloud.block.feed.ViewBuilder.done;
import static run.clawcloud.block.feed.ViewBuilder.locked;

import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.time.SetClock;
import tools.jackson.core.JsonParser;

/** What of the feed's readings gets to the state. */
class EventFilterTest {

    private final Heard heard = new Heard();
    private final Namespaces namespaces = new Namespaces(heard, new SetClock("2030-01-01T00:00:00Z"));
    private final EventFilter filter = new EventFilter(namespaces);
    private final NamespaceReading reading = new NamespaceReading(() -> Selectors.NONE);

    @Test
    void whatCarriesNothingOfOursIsPassedOver() {
        NamespaceReading plain = read("tenant", 5, "\"tier\":\"gold\"");

        assertThat(namespaces.heeds(plain, false)).isFalse();
        assertThat(namespaces.heeds(plain, true)).isFalse();
        filter.changed(plain);
        filter.listed(plain);
        filter.deleted(plain);

        assertThat(namespaces.get("tenant")).isEmpty();
        assertThat(filter.seen()).as("what is listed is no event").isEqualTo(2);
        assertThat(filter.dropped()).isEqualTo(2);
    }

    @Test
    void whatIsOursIsTaken() {
        filter.changed(read("tenant", 5, "\"clawcloud.run/status\":\"locked\""));

        assertThat(heard.take()).containsExactly("tenant LIVE");
        assertThat(filter.seen()).isOne();
        assertThat(filter.dropped()).isZero();
    }

    @Test
    void whatIsNotListedAnyMoreHasVanished() {
        filter.listBegins(false);
        filter.listed(read("tenant", 5, "\"clawcloud.run/status\":\"active\""));
        filter.listEnds(6);
        filter.listBegins(false);
        filter.listEnds(7);

        assertThat(namespaces.get("tenant")).isEmpty();
    }

    @Test
    void theLossOfALabelIsTakenOfOneThatIsKnown() {
        namespaces.changed(locked("tenant", 5).build());

        filter.changed(read("tenant", 6, ""));

        assertThat(namespaces.get("tenant")).isEmpty();
    }

    @Test
    void theEchoOfAWriteIsPassedOverInAWatchAndNotInAList() {
        namespaces.changed(done("tenant", 5).build());
        NamespaceReading echo = read("tenant", 5, "\"clawcloud.run/status\":\"locked\"");

        assertThat(namespaces.heeds(echo, false)).isFalse();
        assertThat(namespaces.heeds(echo, true)).isTrue();
        filter.listBegins(false);
        filter.listed(
                read("tenant", 5, "\"clawcloud.run/status\":\"locked\",\"core.clawcloud.run/applied\":\"locked\""));
        filter.listEnds(9);

        assertThat(namespaces.get("tenant")).map(NamespaceState::need).contains(Need.NOTHING);
    }

    /** A list is taken as it is, even where it is older; then the watch brings what is newer, which is no echo. */
    @Test
    void whatAListHasSetBackComesAgain() {
        namespaces.changed(locked("tenant", 5).build());
        namespaces.observed(done("tenant", 8).build(), 5);
        filter.listBegins(false);
        filter.listed(read("tenant", 5, "\"clawcloud.run/status\":\"locked\""));
        filter.listEnds(7);

        filter.changed(
                read("tenant", 8, "\"clawcloud.run/status\":\"locked\",\"core.clawcloud.run/applied\":\"locked\""));

        assertThat(namespaces.get("tenant")).map(NamespaceState::applied).contains(Applied.LOCKED);
    }

    @Test
    void theEndOfOneThatIsKnownIsTakenAtWhateverVersion() {
        namespaces.changed(done("tenant", 5).terminating().build());

        filter.deleted(read("tenant", 5, ""));

        assertThat(namespaces.get("tenant")).isEmpty();
    }

    private NamespaceReading read(String name, long version, String labels) {
        String document = """
                {"metadata":{"name":"%s","resourceVersion":"%d","labels":{%s}}}""".formatted(name, version, labels);
        try (JsonParser parser = Json.parser(document.getBytes(UTF_8))) {
            parser.nextToken();
            return reading.read(parser);
        }
    }
}
