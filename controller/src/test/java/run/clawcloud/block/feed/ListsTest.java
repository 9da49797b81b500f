package run.clawcloud.block.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.Feed.Lister.CACHED;
import static run.clawcloud.block.feed.Feed.Lister.LATEST;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.kube.ApiException;

/** Lists: pages, what each list asks for, and what is no list. */
class ListsTest {

    private final ScriptedListWatch server = new ScriptedListWatch();
    private final List<String> heard = new ArrayList<>();
    private final NamespaceLister.Sink sink = new NamespaceLister.Sink() {
        @Override
        public void listBegins(boolean everything) {
            heard.add("begins");
        }

        @Override
        public void listed(NamespaceReading namespace) {
            heard.add(namespace.view().name());
        }

        @Override
        public void listEnds(long resourceVersion) {
            heard.add("ends " + resourceVersion);
        }
    };
    private final NamespaceLister lister =
            new NamespaceLister(server, 500, new NamespaceReading(() -> Selectors.NONE)::read, sink);

    @Test
    void asksForThoseWithTheSwitchAndForThoseLeftOver() throws Exception {
        server.answer(page("10", "", "a", "b")).answer(page("12", "", "left-over"));

        assertThat(lister.list(NamespaceLister.WITH_STATUS, LATEST))
                .as("the watch takes up the older one")
                .isEqualTo(10);

        assertThat(server.calls())
                .containsExactly(
                        "list clawcloud.run/status limit=500 continue=null rv=null",
                        "list core.clawcloud.run/applied,clawcloud.run/status notin (locked) limit=500 continue=null"
                                + " rv=null");
        assertThat(heard).containsExactly("begins", "a", "b", "left-over", "ends 10");
    }

    @Test
    void theFirstListMayBeACachedOneAndItsPagesMayNot() throws Exception {
        server.answer(page("10", "more", "a")).answer(page("10", "", "b")).answer(page("10", ""));

        lister.list(NamespaceLister.WITH_STATUS, CACHED);

        assertThat(server.calls())
                .containsExactly(
                        "list clawcloud.run/status limit=500 continue=null rv=0",
                        "list clawcloud.run/status limit=500 continue=more rv=null",
                        "list core.clawcloud.run/applied,clawcloud.run/status notin (locked) limit=0 continue=null"
                                + " rv=10");
    }

    @Test
    void readsPageAfterPage() throws Exception {
        server.answer(page("10", "one", "a", "b"))
                .answer(page("10", "two"))
                .answer(page("10", "", "c"))
                .answer(page("11", ""));

        lister.list(NamespaceLister.WITH_STATUS, LATEST);

        assertThat(heard).containsExactly("begins", "a", "b", "c", "ends 10");
        assertThat(server.calls()).hasSize(4).element(2).asString().contains("continue=two");
    }

    /** Nothing may be swept on the word of a list that is not whole. */
    @Test
    void aListThatFailsHasNoEnd() {
        server.answer(page("10", "", "a")).refuse(500);

        assertThatThrownBy(() -> lister.list(NamespaceLister.WITH_STATUS, LATEST))
                .isInstanceOf(ApiException.class);

        assertThat(heard).containsExactly("begins", "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {NamespaceLister.WITH_STATUS, NamespaceLister.EVERYTHING})
    void aTokenThatHasExpiredIsTheServersRefusalAndTheListHasNoEnd(String selector) {
        server.answer(page("10", "old", "a")).refuse(410);

        assertThatThrownBy(() -> lister.list(selector, LATEST))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.gone()).isTrue());
        assertThat(heard).containsExactly("begins", "a");
    }

    @Test
    void aTokenThatExpiresInTheSecondListIsNoEndEither() {
        server.answer(page("10", "", "a"))
                .answer(page("11", "old", "left-over"))
                .refuse(410);

        assertThatThrownBy(() -> lister.list(NamespaceLister.WITH_STATUS, LATEST))
                .isInstanceOf(ApiException.class);
        assertThat(heard).containsExactly("begins", "a", "left-over");
    }

    @Test
    void aTokenThatExpiresBreaksOffTheSlowScan() {
        server.answer(page("10", "old", "q")).refuse(410);

        assertThatThrownBy(() -> all(server))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.gone()).isTrue());
    }

    @Test
    void aPageThatIsCutIsAnErrorWhereverItIsCut() {
        String page = page("10", "", "a", "b");
        for (int length = 0; length < page.length() - 1; length++) {
            String cut = page.substring(0, length);
            assertThatThrownBy(() -> all(new ScriptedListWatch().answer(cut)))
                    .as(cut)
                    .isInstanceOf(ApiException.class)
                    .hasMessageStartingWith("list resourcequotas with app.kubernetes.io/managed-by=block-controller: ");
        }
        assertThatThrownBy(() -> all(new ScriptedListWatch().cut(page.substring(0, 40))))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("the connection broke");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "\"hello\"",
                "<html><body>502 Bad Gateway</body></html>",
                "{}",
                "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":{}}",
                "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[7]}",
                "{\"metadata\":[],\"items\":[]}",
                "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[]}}",
                "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[]} {}",
                "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"no\"}"
            })
    void whatIsNoListIsAnError(String answer) {
        assertThatThrownBy(() -> all(server.answer(answer)))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("list resourcequotas");
    }

    @Test
    void takesFieldsInAnyOrderAndSkipsWhatItDoesNotKnow() throws Exception {
        server.answer("""
            {"extra":[{"deep":[1,2,{"items":[]}]}],"items":[{"metadata":{"name":"q"},"spec":{}}],"kind":"List",
             "metadata":{"remainingItemCount":7,"selfLink":null,"continue":null,"resourceVersion":"10"}}
            """);

        assertThat(all(server)).isEqualTo(10);
        assertThat(heard).containsExactly("q");
    }

    @Test
    void noItemsCanBeWrittenAsNull() throws Exception {
        assertThat(all(server.answer("{\"items\":null,\"metadata\":{\"resourceVersion\":\"10\"}}")))
                .isEqualTo(10);
        assertThat(heard).isEmpty();
    }

    @Test
    void aVersionIsHadForThePriceOfAPage() throws Exception {
        assertThat(Pages.resourceVersion(
                        "quotas",
                        token -> server.answer(page("10", "more", "q")).list("", 1, token, null)))
                .isEqualTo(10);

        assertThat(server.calls()).containsExactly("list  limit=1 continue=null rv=null");
    }

    @Test
    void theSlowScanReadsAllQuotasAsTheyAreNow() throws Exception {
        assertThat(all(server.answer(page("10", "more", "q", "r")).answer(page("10", "", "s"))))
                .isEqualTo(10);

        assertThat(heard).containsExactly("q", "r", "s");
        assertThat(server.calls())
                .containsExactly(
                        "list app.kubernetes.io/managed-by=block-controller limit=2 continue=null rv=null",
                        "list app.kubernetes.io/managed-by=block-controller limit=2 continue=more rv=null");
    }

    private long all(ScriptedListWatch source) throws ApiException, InterruptedException {
        return QuotaScan.all(source, 2, quota -> heard.add(quota.name()));
    }

    private static String page(String resourceVersion, String token, String... names) {
        StringBuilder items = new StringBuilder();
        for (String name : names) {
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"metadata\":{\"name\":\"")
                    .append(name)
                    .append("\",\"resourceVersion\":\"7\"}}");
        }
        return "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
                .formatted(resourceVersion, token, items);
    }
}
