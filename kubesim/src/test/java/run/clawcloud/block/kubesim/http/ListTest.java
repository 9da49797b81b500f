package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Client.Answer;
import run.clawcloud.block.kubesim.seed.Tenants;
import tools.jackson.databind.JsonNode;

/** Lists: selectors, pages, moments in the past, and the views of kubectl. */
class ListTest {

    private static final String NAMESPACES = "/api/v1/namespaces";

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults()
            .withControllers(List.of())
            .withTenants(new Tenants(20, 4, 2, Tenants.Workloads.TYPICAL)));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    private static List<String> tenants(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj("tenant-%06d"::formatted)
                .toList();
    }

    @Test
    void selectsByLabelAndByField() throws IOException, InterruptedException {
        assertThat(client.get(NAMESPACES + "?labelSelector=clawcloud.run/status")
                        .itemNames())
                .hasSize(6);
        assertThat(client.get(NAMESPACES + "?labelSelector=clawcloud.run/status%3Dlocked")
                        .itemNames())
                .hasSize(2);
        assertThat(client.get(NAMESPACES + "?labelSelector=clawcloud.run/status notin (locked),example.com/plan")
                        .itemNames())
                .hasSize(18);
        assertThat(client.get(NAMESPACES + "?labelSelector=!example.com/plan").itemNames())
                .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
        assertThat(client.get(NAMESPACES + "?labelSelector=kubernetes.io/metadata.name in (tenant-000003,default)")
                        .itemNames())
                .containsExactly("default", "tenant-000003");
        assertThat(client.get(NAMESPACES + "?fieldSelector=metadata.name%3Dtenant-000007")
                        .itemNames())
                .containsExactly("tenant-000007");
        assertThat(client.get(NAMESPACES + "/tenant-000001/pods?fieldSelector=status.phase!%3DRunning")
                        .itemNames())
                .containsExactly("migrate-x7k2p", "once");
        Answer unreadable = client.get(NAMESPACES + "?labelSelector=a b");
        assertThat(unreadable.code()).isEqualTo(400);
        assertThat(unreadable.body().path("message").asString()).startsWith("unable to parse requirement");
        assertThat(client.get(NAMESPACES + "?fieldSelector=spec.foo%3D1")
                        .body()
                        .path("message")
                        .asString())
                .isEqualTo("field label not supported: spec.foo");
    }

    @Test
    void pagesShowTheMomentOfTheFirst() throws IOException, InterruptedException {
        Answer first = client.get(NAMESPACES + "?limit=10");
        assertThat(first.itemNames()).hasSize(10).startsWith("default").endsWith("tenant-000006");
        assertThat(first.body().path("metadata").path("remainingItemCount").asInt())
                .isEqualTo(14);
        client.merge(NAMESPACES + "/tenant-000008", "{'metadata':{'labels':{'later':'yes'}}}");
        client.post(NAMESPACES, "{'metadata':{'name':'tenant-000009a'}}");
        client.merge(NAMESPACES + "/tenant-000010/finalize", "{'spec':{'finalizers':null}}");
        client.delete(NAMESPACES + "/tenant-000010", "");

        List<String> rest = new ArrayList<>();
        Answer page = first;
        while (page.body().path("metadata").has("continue")) {
            page = client.get(NAMESPACES + "?limit=10&continue="
                    + page.body().path("metadata").path("continue").asString());
            assertThat(page.resourceVersion()).isEqualTo(first.resourceVersion());
            rest.addAll(page.itemNames());
            for (JsonNode item : page.body().path("items")) {
                assertThat(item.path("metadata").path("labels").has("later")).isFalse();
            }
        }
        assertThat(rest).containsExactlyElementsOf(tenants(7, 20));
        assertThat(client.get(NAMESPACES).itemNames())
                .contains("tenant-000009a")
                .doesNotContain("tenant-000010");
        assertThat(client.get(NAMESPACES + "?resourceVersionMatch=Exact&resourceVersion=" + first.resourceVersion())
                        .itemNames())
                .contains("tenant-000010")
                .doesNotContain("tenant-000009a");
    }

    @Test
    void aTokenThatIsTooOldExpiresAndOffersToGoOnInconsistently() throws IOException, InterruptedException {
        Answer first = client.get(NAMESPACES + "?limit=22");
        client.merge(NAMESPACES + "/default", "{'metadata':{'labels':{'x':'1'}}}");
        cluster.compact();
        String token = first.body().path("metadata").path("continue").asString();
        Answer expired = client.get(NAMESPACES + "?limit=22&continue=" + token);
        assertThat(expired.code()).isEqualTo(410);
        assertThat(expired.body().path("reason").asString()).isEqualTo("Expired");
        String other = expired.body().path("metadata").path("continue").asString();
        assertThat(client.get(NAMESPACES + "?limit=22&continue=" + other).itemNames())
                .containsExactlyElementsOf(tenants(19, 20));
        assertThat(client.get(NAMESPACES + "?continue=nonsense").code()).isEqualTo(400);
    }

    @Test
    void theWatchCacheIgnoresLimitsAndTheFutureTimesOut() throws IOException, InterruptedException {
        assertThat(client.get(NAMESPACES + "?limit=1&resourceVersion=0").itemNames())
                .hasSize(24);
        Answer future = client.get(NAMESPACES + "?resourceVersion=99999999");
        assertThat(future.code()).isEqualTo(504);
        assertThat(future.body()
                        .path("details")
                        .path("causes")
                        .path(0)
                        .path("reason")
                        .asString())
                .isEqualTo("ResourceVersionTooLarge");
        assertThat(client.get(NAMESPACES + "?resourceVersionMatch=Exact").code())
                .isEqualTo(422);
    }

    @Test
    void podsOfAllNamespacesAreListedInPagesToo() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            Answer page = client.get("/api/v1/pods?limit=7&continue=" + token);
            page.body()
                    .path("items")
                    .forEach(pod ->
                            names.add(pod.path("metadata").path("namespace").asString() + "/"
                                    + pod.path("metadata").path("name").asString()));
            token = page.body().path("metadata").path("continue").asString("");
        } while (!token.isEmpty());
        assertThat(names).hasSize(18 * 14 + 2 * 2).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void itemsOfAListAreWithoutKindAndSingleObjectsAreNot() throws IOException, InterruptedException {
        JsonNode list = client.get(NAMESPACES + "/tenant-000001/pods").body();
        assertThat(list.path("kind").asString()).isEqualTo("PodList");
        assertThat(list.path("items").path(0).has("kind")).isFalse();
        assertThat(client.get(NAMESPACES + "/tenant-000001/pods/once")
                        .body()
                        .path("kind")
                        .asString())
                .isEqualTo("Pod");
    }
}
