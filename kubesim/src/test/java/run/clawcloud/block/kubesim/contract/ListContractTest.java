package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Lists of namespaces. The labels are not the controller's own: one may be at work in the cluster.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">Kubernetes API concepts</a>
 */
final class ListContractTest extends ContractTest {

    private final String key = "contract.clawcloud.run/" + Api.random();

    ListContractTest(Api api) {
        super(api);
    }

    private String labelled(String labels) {
        return api.namespace("'labels':{" + labels + "}");
    }

    private List<String> labelled(int count) {
        List<String> names = new ArrayList<>();
        while (names.size() < count) {
            names.add(labelled("'" + key + "':'yes'"));
        }
        return names.stream().sorted().toList();
    }

    private static String list(String selector) {
        return "/api/v1/namespaces?labelSelector=" + Api.encode(selector);
    }

    @Test
    void a_selector_that_is_a_bare_key_matches_whatever_its_value() {
        String locked = labelled("'" + key + "':'locked'");
        String empty = labelled("'" + key + "':''");
        String without = api.namespace();

        assertThat(api.get(list(key)).expect(200).names())
                .containsExactlyInAnyOrder(locked, empty)
                .doesNotContain(without);
        assertThat(api.get(list(key + "=locked")).expect(200).names()).containsExactly(locked);
    }

    @Test
    void notin_matches_objects_without_the_key_too() {
        String status = key + "-status";
        labelled("'" + key + "':'locked','" + status + "':'locked'");
        String active = labelled("'" + key + "':'locked','" + status + "':'active'");
        String without = labelled("'" + key + "':'locking'");
        labelled("'" + status + "':'active'");

        assertThat(api.get(list(key + "," + status + " notin (locked)"))
                        .expect(200)
                        .names())
                .containsExactlyInAnyOrder(active, without);
    }

    @Test
    void a_selector_that_is_none_is_a_bad_request() {
        api.get(list("a===b")).refused(400, "BadRequest");
    }

    @Test
    void a_list_that_matches_nothing_is_empty_and_has_a_resourceVersion() {
        Answer list = api.get(list(key)).expect(200);

        assertThat(list.body().path("items").isArray()).isTrue();
        assertThat(list.items()).isEmpty();
        assertThat(Long.parseLong(list.resourceVersion())).isPositive();
    }

    @Test
    void pages_are_as_long_as_the_limit_and_together_show_the_moment_of_the_first() {
        List<String> names = labelled(5);
        Answer first = api.get(list(key) + "&limit=2").expect(200);
        String late = labelled("'" + key + "':'yes'");
        api.mergePatch(Api.namespacePath(names.get(4)), "{'metadata':{'labels':{'" + key + "':null}}}")
                .expect(200);

        Answer second = next(first);
        Answer third = next(second);

        assertThat(first.names()).isEqualTo(names.subList(0, 2));
        assertThat(second.names()).isEqualTo(names.subList(2, 4));
        assertThat(third.names()).isEqualTo(names.subList(4, 5)).doesNotContain(late);
        assertThat(third.text("/metadata/continue")).isEmpty();
        assertThat(List.of(second.resourceVersion(), third.resourceVersion())).containsOnly(first.resourceVersion());
    }

    private Answer next(Answer page) {
        String token = page.text("/metadata/continue");
        assertThat(token).isNotEmpty();
        return api.get(list(key) + "&limit=2&continue=" + Api.encode(token)).expect(200);
    }

    @Test
    void after_a_full_page_an_empty_one_may_follow() {
        List<String> names = labelled(2);

        Answer page = api.get(list(key) + "&limit=2").expect(200);

        assertThat(page.names()).isEqualTo(names);
        while (!page.text("/metadata/continue").isEmpty()) {
            page = next(page);
            assertThat(page.body().path("items").isArray()).isTrue();
            assertThat(page.items()).isEmpty();
        }
    }

    @Test
    void a_list_at_resourceVersion_0_comes_in_one_piece_and_says_how_old_it_is() {
        List<String> names = labelled(5);

        Api.eventually(() -> {
            Answer list = api.get(list(key) + "&limit=2&resourceVersion=0").expect(200);
            assertThat(list.names()).containsExactlyInAnyOrderElementsOf(names);
            assertThat(list.text("/metadata/continue")).isEmpty();
            assertThat(list.items())
                    .allMatch(item ->
                            item.at("/metadata/resourceVersion").asLong() <= Long.parseLong(list.resourceVersion()));
        });
    }

    @Test
    void a_continue_token_that_the_server_no_longer_knows_is_410_Expired() {
        labelled(2);
        Answer first = api.get(list(key) + "&limit=1").expect(200);
        api.compact();

        Answer refusal = api.get(list(key) + "&limit=1&continue=" + aged(first.text("/metadata/continue")))
                .refused(410, "Expired");

        // With it, the list could be read on without the promise that it shows one moment.
        assertThat(refusal.text("/metadata/continue")).isNotEmpty();
    }

    /** The token as it would look had it been given out when the cluster began. */
    private static String aged(String token) {
        String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String aged = json.replaceFirst("\"rv\":\\d+", "\"rv\":1");
        assertThat(aged).isNotEqualTo(json);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(aged.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_continue_token_that_is_none_is_a_bad_request() {
        api.get(list(key) + "&limit=1&continue=nonsense").refused(400, "BadRequest");
    }

    @Test
    void a_list_of_the_future_is_504_Timeout_and_asks_to_try_again() {
        long future = Long.parseLong(api.get(list(key)).resourceVersion()) + 1_000_000_000;

        Answer refusal = api.get(list(key) + "&resourceVersion=" + future).refused(504, "Timeout");

        assertThat(refusal.causes()).containsExactly("ResourceVersionTooLarge ");
        assertThat(refusal.body().at("/details/retryAfterSeconds").asInt()).isEqualTo(1);
        assertThat(refusal.retryAfter()).isEqualTo("1");
    }

    @Test
    void workloads_of_a_namespace_come_in_pages_too() {
        String path = Api.path("", api.namespace(), "configmaps");
        api.post(path, "{'metadata':{'name':'a'}}").expect(201);
        api.post(path, "{'metadata':{'name':'b'}}").expect(201);

        List<String> names = new ArrayList<>();
        String token = "";
        do {
            Answer page =
                    api.get(path + "?limit=1&continue=" + Api.encode(token)).expect(200);
            assertThat(page.items()).hasSize(1);
            names.addAll(page.names());
            token = page.text("/metadata/continue");
        } while (!token.isEmpty());

        assertThat(names).contains("a", "b").isSorted().doesNotHaveDuplicates();
    }
}
