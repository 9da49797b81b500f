package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Watches of namespaces by a label. The label is not the controller's own: one may be at work in the cluster.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">Efficient
 *     detection of changes</a>
 */
final class WatchContractTest extends ContractTest {

    private final String key = "contract.clawcloud.run/" + Api.random();
    private final String selected = "/api/v1/namespaces?labelSelector=" + Api.encode(key);

    WatchContractTest(Api api) {
        super(api);
    }

    private String labelled() {
        return api.namespace("'labels':{'" + key + "':'yes'}");
    }

    private Answer label(String name, String value) {
        return api.mergePatch(Api.namespacePath(name), "{'metadata':{'labels':{'" + key + "':" + value + "}}}")
                .expect(200);
    }

    private String now() {
        return api.get(selected).expect(200).resourceVersion();
    }

    private Watch watch(String from, String more) {
        return api.watch(selected + "&watch=true&resourceVersion=" + from + more);
    }

    private static String labels(Watch.Event event) {
        return event.object().at("/metadata/labels").toString();
    }

    @Test
    void a_watch_from_a_lists_resourceVersion_sees_what_came_after_and_nothing_else() throws Exception {
        String before = labelled();
        String from = now();
        label(before, "'a'");
        String after = labelled();
        api.mergePatch(Api.namespacePath(api.namespace()), "{'metadata':{'labels':{'other':'b'}}}");

        try (Watch watch = watch(from, "&timeoutSeconds=60")) {
            assertThat(watch.next(2))
                    .extracting(Watch.Event::summary)
                    .containsExactly("MODIFIED " + before, "ADDED " + after);
            label(before, "'c'");
            assertThat(watch.next().summary()).isEqualTo("MODIFIED " + before);
        }
    }

    @Test
    void a_watch_resumes_at_any_events_resourceVersion_without_loss_or_repetition() throws Exception {
        String from = now();
        String one = labelled();
        String two = labelled();
        label(one, "'a'");
        label(two, "null");
        label(one, "'b'");
        label(two, "'back'");
        List<Watch.Event> all;
        try (Watch watch = watch(from, "")) {
            all = watch.next(6);
        }
        assertThat(all)
                .extracting(Watch.Event::summary)
                .containsExactly(
                        "ADDED " + one,
                        "ADDED " + two,
                        "MODIFIED " + one,
                        "DELETED " + two,
                        "MODIFIED " + one,
                        "ADDED " + two);

        for (int seen = 1; seen < all.size(); seen++) {
            try (Watch watch = watch(all.get(seen - 1).resourceVersion(), "")) {
                assertThat(watch.next(all.size() - seen)).isEqualTo(all.subList(seen, all.size()));
            }
        }
    }

    @Test
    void resourceVersions_are_numbers_that_rise_from_event_to_event() throws Exception {
        String from = now();
        String one = labelled();
        label(one, "'a'");
        String two = labelled();
        label(one, "null");
        label(two, "'b'");

        try (Watch watch = watch(from, "")) {
            List<Long> versions = watch.next(5).stream()
                    .map(event -> Long.valueOf(event.resourceVersion()))
                    .toList();
            assertThat(versions).isSorted().doesNotHaveDuplicates().allMatch(version -> version > Long.parseLong(from));
        }
    }

    @Test
    void an_object_that_loses_the_label_is_DELETED_as_it_last_matched_at_the_resourceVersion_of_the_loss()
            throws Exception {
        String name = labelled();
        String from = now();
        Answer lost = label(name, "null");

        try (Watch watch = watch(from, "")) {
            Watch.Event event = watch.next();
            assertThat(event.summary()).isEqualTo("DELETED " + name);
            assertThat(labels(event)).contains(key);
            assertThat(event.resourceVersion()).isEqualTo(lost.resourceVersion());
            assertThat(event.object().at("/metadata/deletionTimestamp").isMissingNode())
                    .isTrue();
        }
    }

    @Test
    void an_object_that_gains_the_label_is_ADDED() throws Exception {
        String name = api.namespace();
        String from = now();
        Answer gained = label(name, "'yes'");

        try (Watch watch = watch(from, "")) {
            Watch.Event event = watch.next();
            assertThat(event.summary()).isEqualTo("ADDED " + name);
            assertThat(event.resourceVersion()).isEqualTo(gained.resourceVersion());
        }
    }

    @Test
    void an_event_is_one_line_its_type_before_its_object() throws Exception {
        String name = labelled();
        String from = now();
        Answer changed = label(name, "'a'");

        try (Watch watch = watch(from, "")) {
            Watch.Event event = watch.next();
            assertThat(event.line()).startsWith("{\"type\":\"MODIFIED\",\"object\":{");
            assertThat(event.object()).isEqualTo(changed.body());
        }
    }

    @Test
    void quotas_are_watched_across_all_namespaces_by_their_label() throws Exception {
        String path = Api.path("", api.namespace(), "resourcequotas");
        String all = "/api/v1/resourcequotas?labelSelector=" + Api.encode(key);
        String from = api.get(all + "&limit=1").expect(200).resourceVersion();
        api.post(path, "{'metadata':{'name':'q','labels':{'" + key + "':''}},'spec':{'hard':{'pods':'0'}}}")
                .expect(201);
        api.delete(path + "/q", "{}").expect(200);

        try (Watch watch = api.watch(all + "&watch=true&resourceVersion=" + from)) {
            Watch.Event event = watch.next();
            assertThat(event.summary()).isEqualTo("ADDED q");
            // The quota controller may have filled in the status in between.
            while (!event.type().equals("DELETED")) {
                event = watch.next();
            }
            assertThat(event.object().at("/spec/hard/pods").asString()).isEqualTo("0");
        }
    }

    @Test
    void timeoutSeconds_ends_the_watch_in_order() throws Exception {
        String name = labelled();
        String from = now();
        label(name, "'a'");

        try (Watch watch = watch(from, "&timeoutSeconds=1")) {
            assertThat(watch.rest()).extracting(Watch.Event::summary).containsExactly("MODIFIED " + name);
        }
    }

    @Test
    void a_bookmark_carries_a_resourceVersion_that_covers_what_did_not_match_and_no_object() throws Exception {
        String other = api.namespace();
        String from = now();

        // kube-apiserver sends one each minute and about two seconds before the end, if anything has happened.
        try (Watch watch = watch(from, "&timeoutSeconds=4&allowWatchBookmarks=true")) {
            String unseen = api.mergePatch(Api.namespacePath(other), "{'metadata':{'labels':{'other':'b'}}}")
                    .expect(200)
                    .resourceVersion();
            Watch.Event bookmark = watch.rest().getLast();
            assertThat(bookmark.type()).isEqualTo("BOOKMARK");
            assertThat(Long.parseLong(bookmark.resourceVersion())).isGreaterThanOrEqualTo(Long.parseLong(unseen));
            assertThat(bookmark.object().path("kind").asString()).isEqualTo("Namespace");
            JsonNode metadata = bookmark.object().path("metadata");
            assertThat(metadata.properties().stream()
                            .filter(field -> !field.getValue().isNull())
                            .map(Map.Entry::getKey))
                    .containsExactly("resourceVersion");
            try (Watch resumed = watch(bookmark.resourceVersion(), "")) {
                String next = labelled();
                assertThat(resumed.next().summary()).isEqualTo("ADDED " + next);
            }
        }
    }

    @Test
    void a_watch_that_allows_no_bookmarks_gets_none() throws Exception {
        String other = api.namespace();
        try (Watch watch = watch(now(), "&timeoutSeconds=3")) {
            api.mergePatch(Api.namespacePath(other), "{'metadata':{'labels':{'other':'b'}}}")
                    .expect(200);
            assertThat(watch.rest()).isEmpty();
        }
    }

    @Test
    void a_watch_from_a_resourceVersion_that_is_too_old_gets_an_error_410_Expired_and_ends() throws Exception {
        labelled();
        api.compact();

        // Events, for kube-apiserver keeps no cache of them that could reach further back than etcd.
        try (Watch watch = api.watch("/api/v1/events?watch=true&resourceVersion=1&timeoutSeconds=20")) {
            Watch.Event event = watch.next();
            assertThat(event.type()).isEqualTo("ERROR");
            assertThat(event.object().path("kind").asString()).isEqualTo("Status");
            assertThat(event.object().path("code").asInt()).isEqualTo(410);
            assertThat(event.object().path("reason").asString()).isEqualTo("Expired");
            assertThat(watch.rest()).isEmpty();
        }
    }

    @Test
    void a_watch_from_the_future_is_silent_even_about_what_happens() throws Exception {
        long future = Long.parseLong(now()) + 1_000_000_000;

        try (Watch watch = watch(Long.toString(future), "&timeoutSeconds=1&allowWatchBookmarks=true")) {
            labelled();
            assertThat(watch.rest()).isEmpty();
        }
    }

    @Test
    void a_streaming_list_is_refused_with_422_or_ends_with_a_bookmark_that_says_so() {
        String name = labelled();

        HttpResponse<String> response = api.raw(selected + "&watch=true&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1");

        String body = Objects.requireNonNull(response.body());
        if (response.code() == 422) {
            assertThat(body).contains("is forbidden for watch");
        } else {
            List<Watch.Event> events = body.lines().map(Watch.Event::new).toList();
            assertThat(events).extracting(Watch.Event::summary).containsExactly("ADDED " + name, "BOOKMARK ");
            assertThat(events.getLast().object().at("/metadata/annotations/k8s.io~1initial-events-end"))
                    .hasToString("\"true\"");
        }
    }
}
