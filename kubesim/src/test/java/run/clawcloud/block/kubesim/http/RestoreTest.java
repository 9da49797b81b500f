package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Client.Answer;
import run.clawcloud.block.kubesim.http.Client.Watch;

/** A cluster whose etcd is restored from a backup. */
class RestoreTest {

    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String LABEL = "{'metadata':{'labels':{'x':'1'}}}";

    private final KubeSim cluster = KubeSim.start(
            SimOptions.defaults().withBookmarkInterval(Duration.ofMinutes(1)).withPodStartDelay(Duration.ZERO));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    private String now() throws IOException, InterruptedException {
        return client.get("/api/v1/nodes").resourceVersion();
    }

    private void create(String name) throws IOException, InterruptedException {
        assertThat(client.post(NAMESPACES, "{'metadata':{'name':'" + name + "'}}")
                        .code())
                .isEqualTo(201);
    }

    @Test
    void objectsAndVersionsAreWhatTheyWere() throws IOException, InterruptedException {
        assertThat(client.post("/kubesim/restore", "").code()).isEqualTo(400);
        create("kept");
        String before = client.get(NAMESPACES + "/kept").body().toString();
        String version = client.post("/kubesim/snapshot", "")
                .body()
                .path("resourceVersion")
                .asString();
        create("lost");
        client.merge(NAMESPACES + "/kept", LABEL);
        client.delete(NAMESPACES + "/default/configmaps/kube-root-ca.crt", "");

        client.post("/kubesim/restore", "");

        assertThat(client.get(NAMESPACES + "/kept").body()).hasToString(before);
        assertThat(client.get(NAMESPACES + "/lost").code()).isEqualTo(404);
        assertThat(Long.parseLong(client.merge(NAMESPACES + "/kept", LABEL).resourceVersion()))
                .isGreaterThan(Long.parseLong(version))
                .isLessThan(Long.parseLong(version) + 20);
        assertThat(client.get(NAMESPACES).itemNames()).contains("kept").doesNotContain("lost");
    }

    @Test
    void watchesEndAndOneThatBeginsAheadIsSilentUntilTheClusterIsThere() throws IOException, InterruptedException {
        String old = now();
        create("a");
        client.post("/kubesim/snapshot", "");
        String before = now();
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + before)) {
            create("b");
            create("c");
            assertThat(watch.summary()).isEqualTo("ADDED b");
            assertThat(watch.summary()).isEqualTo("ADDED c");
            client.post("/kubesim/restore", "");
            assertThat(watch.summary()).startsWith("end");
        }
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + old)) {
            assertThat(watch.next().path("object").path("code").asInt()).isEqualTo(410);
        }
        long ahead = Long.parseLong(now()) + 100;
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + ahead)) {
            create("unheard");
            for (int i = 0; i < 100; i++) {
                client.merge(NAMESPACES + "/unheard", LABEL.replace("1", "n" + i));
            }
            create("heard");
            String told = watch.summary();
            while (told.equals("MODIFIED unheard")) {
                told = watch.summary();
            }
            assertThat(told).isEqualTo("ADDED heard");
        }
    }

    @Test
    void aListFromAMomentThatIsYetToComeFails() throws IOException, InterruptedException {
        client.post("/kubesim/snapshot", "");
        create("a");
        Answer page = client.get(NAMESPACES + "?limit=1");

        client.post("/kubesim/restore", "");

        String token = page.body().path("metadata").path("continue").asString();
        Answer rest = client.get(NAMESPACES + "?limit=1&continue=" + token);
        assertThat(rest.code()).isEqualTo(500);
        assertThat(rest.body().path("message").asString()).contains("future revision");
        Answer ahead =
                client.get(NAMESPACES + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + page.resourceVersion());
        assertThat(ahead.code()).isEqualTo(504);
        assertThat(ahead.body().path("message").asString()).contains("Too large resource version");
    }

    @Test
    void aRequestThatWaitsMeanwhileIsNeverCarriedOut() throws IOException, InterruptedException {
        client.post("/kubesim/snapshot", "");
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("create", "namespaces")));
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return client.post(NAMESPACES, "{'metadata':{'name':'late'}}");
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> cluster.faults().struck() == 1);

        client.post("/kubesim/restore", "");
        cluster.faults().clear();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(IOException.class);
        assertThat(client.get(NAMESPACES + "/late").code()).isEqualTo(404);
    }

    @Test
    void podsFollowTheirDeploymentsAgain() throws IOException, InterruptedException {
        client.post(
                DEPLOYMENTS,
                "{'metadata':{'name':'web'},'spec':{'replicas':2,'selector':{'matchLabels':{'a':'b'}},'template':"
                        + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
        awaitPods(2);
        client.post("/kubesim/snapshot", "");
        client.merge(DEPLOYMENTS + "/web", "{'spec':{'replicas':0}}");
        awaitPods(0);

        client.post("/kubesim/restore", "");
        awaitPods(2);
        client.merge(DEPLOYMENTS + "/web", "{'spec':{'replicas':1}}");
        awaitPods(1);
    }

    private void awaitPods(int count) {
        await().until(() -> client.get(NAMESPACES + "/default/pods").itemNames().size() == count);
    }
}
