package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Client.Answer;
import run.clawcloud.block.kubesim.http.Client.Watch;
import tools.jackson.databind.JsonNode;

/** Watches: what they tell, in which order, and how they end. */
class WatchTest {

    private static final String NAMESPACES = "/api/v1/namespaces";

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults()
            .withControllers(List.of())
            .withHistory(64)
            .withBookmarkInterval(Duration.ofMillis(50)));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    private String now() throws IOException, InterruptedException {
        return client.get(NAMESPACES + "?limit=1").resourceVersion();
    }

    private void label(String name, String value) throws IOException, InterruptedException {
        assertThat(client.merge(NAMESPACES + "/" + name, "{'metadata':{'labels':{'s':" + value + "}}}")
                        .code())
                .isEqualTo(200);
    }

    private void create(String name) throws IOException, InterruptedException {
        assertThat(client.post(NAMESPACES, "{'metadata':{'name':'" + name + "'}}")
                        .code())
                .isEqualTo(201);
    }

    @Test
    void beginsWithWhatIsThereUnlessToldFromWhere() throws IOException, InterruptedException {
        String before = now();
        create("a");
        try (Watch all = client.watch(NAMESPACES + "?watch=1&fieldSelector=metadata.name!%3Dkube-system");
                Watch since = client.watch(NAMESPACES + "?watch=true&resourceVersion=" + before)) {
            assertThat(List.of(all.summary(), all.summary(), all.summary(), all.summary()))
                    .containsExactly("ADDED a", "ADDED default", "ADDED kube-node-lease", "ADDED kube-public");
            assertThat(since.summary()).isEqualTo("ADDED a");
            label("a", "'1'");
            assertThat(all.summary()).isEqualTo("MODIFIED a");
            assertThat(since.summary()).isEqualTo("MODIFIED a");
        }
    }

    @Test
    void anObjectThatLeavesTheSelectionIsDeletedInItsLastMatchingState() throws IOException, InterruptedException {
        create("a");
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&labelSelector=s&resourceVersion=" + now())) {
            label("a", "'on'");
            label("a", "'still'");
            label("a", "null");
            label("a", "'again'");
            assertThat(watch.summary()).isEqualTo("ADDED a");
            assertThat(watch.summary()).isEqualTo("MODIFIED a");
            JsonNode left = watch.next();
            assertThat(left.path("type").asString()).isEqualTo("DELETED");
            JsonNode metadata = left.path("object").path("metadata");
            assertThat(metadata.path("labels").path("s").asString()).isEqualTo("still");
            JsonNode back = watch.next();
            assertThat(back.path("type").asString()).isEqualTo("ADDED");
            assertThat(Long.parseLong(metadata.path("resourceVersion").asString()))
                    .isEqualTo(Long.parseLong(back.path("object")
                                    .path("metadata")
                                    .path("resourceVersion")
                                    .asString())
                            - 1);
        }
    }

    @Test
    void aDeletionCarriesItsOwnResourceVersion() throws IOException, InterruptedException {
        String maps = NAMESPACES + "/default/configmaps";
        String created =
                client.post(maps, "{'metadata':{'name':'c'},'data':{'k':'v'}}").resourceVersion();
        try (Watch watch = client.watch(maps + "?watch=1&resourceVersion=" + created)) {
            client.delete(maps + "/c", "");
            JsonNode gone = watch.next();
            assertThat(gone.path("type").asString()).isEqualTo("DELETED");
            assertThat(gone.path("object").path("kind").asString()).isEqualTo("ConfigMap");
            assertThat(gone.path("object").path("data").path("k").asString()).isEqualTo("v");
            assertThat(Long.parseLong(gone.path("object")
                            .path("metadata")
                            .path("resourceVersion")
                            .asString()))
                    .isGreaterThan(Long.parseLong(created));
        }
    }

    @Test
    void bookmarksTellHowFarItIsAndTheTimeEnds() throws IOException, InterruptedException {
        try (Watch watch = client.watch(
                NAMESPACES + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=" + now())) {
            client.post(NAMESPACES + "/default/configmaps", "{'metadata':{'name':'c'}}");
            String later = now();
            JsonNode bookmark = watch.next();
            while (!bookmark.path("object")
                    .path("metadata")
                    .path("resourceVersion")
                    .asString()
                    .equals(later)) {
                assertThat(bookmark.path("type").asString()).isEqualTo("BOOKMARK");
                assertThat(bookmark.path("object").path("kind").asString()).isEqualTo("Namespace");
                bookmark = watch.next();
            }
            List<String> rest = new ArrayList<>();
            String summary = watch.summary();
            while (!summary.startsWith("end")) {
                rest.add(summary);
                summary = watch.summary();
            }
            assertThat(rest).containsOnly("BOOKMARK ");
        }
    }

    @Test
    void whatIsForgottenIsAnErrorEventWith410() throws IOException, InterruptedException {
        String before = now();
        create("a");
        cluster.compact();
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + before)) {
            assertThat(watch.code()).isEqualTo(200);
            JsonNode error = watch.next();
            assertThat(error.path("type").asString()).isEqualTo("ERROR");
            assertThat(error.path("object").path("code").asInt()).isEqualTo(410);
            assertThat(error.path("object").path("reason").asString()).isEqualTo("Expired");
            assertThat(error.path("object").path("message").asString())
                    .startsWith("too old resource version: " + before);
            assertThat(watch.summary()).startsWith("end");
        }
        String fresh = now();
        for (int i = 0; i < 100; i++) {
            label("a", "'" + i + "'");
        }
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + fresh)) {
            assertThat(watch.next().path("type").asString()).isEqualTo("ERROR");
        }
    }

    @Test
    void oneThatStallsTellsNothingUntilTheFaultsChange() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.STALL_WATCH).afterEvents(1)));
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + now())) {
            create("a");
            assertThat(afterBookmarks(watch, watch.summary())).isEqualTo("ADDED a");
            CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return watch.summary();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            create("b");
            // Time enough for the event and for bookmarks.
            assertThatThrownBy(() -> next.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            cluster.faults().clear();
            assertThat(afterBookmarks(watch, next.join())).isEqualTo("ADDED b");
        }
    }

    @Test
    void oneThatRepeatsItselfTellsOnceMoreWhatItHasTold() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.REPEAT_WATCH).afterEvents(3)));
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + now())) {
            create("a");
            create("b");
            label("a", "'1'");
            label("b", "'1'");
            assertThat(summaries(watch, 7))
                    .containsExactly(
                            "ADDED a", "ADDED b", "MODIFIED a", "ADDED a", "ADDED b", "MODIFIED a", "MODIFIED b");
        }
    }

    @Test
    void oneThatReordersKeepsTheOrderOfEachObject() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.REORDER_WATCH).lasting(1)));
        create("a");
        create("b");
        String before = now();
        label("a", "'1'");
        label("b", "'1'");
        client.delete(NAMESPACES + "/a", "");
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + before)) {
            assertThat(summaries(watch, 3)).containsExactly("MODIFIED b", "MODIFIED a", "MODIFIED a");
        }
    }

    private static String afterBookmarks(Watch watch, String first) throws IOException {
        String told = first;
        while (told.equals("BOOKMARK ")) {
            told = watch.summary();
        }
        return told;
    }

    private static List<String> summaries(Watch watch, int count) throws IOException {
        List<String> summaries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            summaries.add(watch.summary());
        }
        return summaries;
    }

    @Test
    void streamingListsAreRefusedAsByAServerWithoutThem() throws IOException, InterruptedException {
        Answer refused = client.get(NAMESPACES
                + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.body().path("message").asString()).contains("resourceVersionMatch is forbidden for watch");
    }

    @Test
    void hundredsOfWatchesHearOfEveryWrite() throws IOException, InterruptedException {
        List<Watch> watches = new ArrayList<>();
        String from = now();
        for (int i = 0; i < 200; i++) {
            watches.add(client.watch(NAMESPACES + "?watch=1&resourceVersion=" + from));
        }
        create("a");
        label("a", "'1'");
        for (Watch watch : watches) {
            assertThat(watch.summary()).isEqualTo("ADDED a");
            assertThat(watch.summary()).isEqualTo("MODIFIED a");
            watch.close();
        }
    }
}
