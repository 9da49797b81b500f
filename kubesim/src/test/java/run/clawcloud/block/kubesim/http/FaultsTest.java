package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Client.Answer;
import run.clawcloud.block.kubesim.http.Client.Watch;

/** What goes wrong on demand, and what was counted. */
class FaultsTest {

    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String LABEL = "{'metadata':{'labels':{'x':'1'}}}";

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults().withControllers(List.of()));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aStatusStrikesAsOftenAsItWasOrderedAndOnlyWhatItConcerns() throws IOException, InterruptedException {
        assertThat(client.put(
                                "/kubesim/faults",
                                "{'faults':[{'effect':'status','code':429,'retryAfterSeconds':2,'verb':'patch',"
                                        + "'resource':'namespaces','name':'default','skip':1,'count':2}]}")
                        .code())
                .isEqualTo(200);
        assertThat(client.merge(NAMESPACES + "/kube-public", LABEL).code()).isEqualTo(200);
        List<Integer> codes = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Answer answer = client.merge(NAMESPACES + "/default", LABEL);
            codes.add(answer.code());
            if (answer.code() == 429) {
                assertThat(answer.response().headers().firstValue("Retry-After"))
                        .hasValue("2");
                assertThat(answer.body().path("reason").asString()).isEqualTo("TooManyRequests");
            }
        }
        assertThat(codes).containsExactly(200, 429, 429, 200);
        assertThat(client.get("/kubesim/faults")
                        .body()
                        .path("faults")
                        .path(0)
                        .path("struck")
                        .asInt())
                .isEqualTo(2);
        assertThat(client.put("/kubesim/faults", "{'faults':[{'effect':'nonsense'}]}")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void aStatusComesWithRetryAfterOnlyIfOneWasOrdered() throws IOException, InterruptedException {
        for (int code : List.of(429, 503)) {
            cluster.faults().set(1, List.of(Fault.of(Fault.Effect.STATUS).withStatus(code, 0)));
            Answer refused = client.get(NAMESPACES);
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.response().headers().firstValue("Retry-After")).isEmpty();
            assertThat(refused.body().path("details").has("retryAfterSeconds")).isFalse();
        }
    }

    @Test
    void oneClientIsCutOffAndTheOthersAreNot() throws IOException, InterruptedException {
        client.put("/kubesim/faults", "{'faults':[{'effect':'dropBefore','client':'another/1.0'}]}");
        assertThat(client.get(NAMESPACES).code()).isEqualTo(200);
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.DROP_BEFORE).from("tester/1")));
        assertThatThrownBy(() -> client.get(NAMESPACES)).isInstanceOf(IOException.class);
    }

    @Test
    void aListExpiresBetweenItsPages() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.EXPIRE_CONTINUE).on("list", "namespaces")));
        Answer first = client.get(NAMESPACES + "?limit=2");
        assertThat(first.itemNames()).containsExactly("default", "kube-node-lease");
        Answer expired = client.get(NAMESPACES + "?limit=2&continue=" + continueOf(first));
        assertThat(expired.code()).isEqualTo(410);
        assertThat(expired.body().path("reason").asString()).isEqualTo("Expired");
        cluster.faults().clear();
        assertThat(client.get(NAMESPACES + "?limit=2&continue=" + continueOf(expired))
                        .itemNames())
                .containsExactly("kube-public", "kube-system");
    }

    private static String continueOf(Answer page) {
        return page.body().path("metadata").path("continue").asString();
    }

    @Test
    void aConflictLeavesTheObjectAsItWas() throws IOException, InterruptedException {
        cluster.faults()
                .set(
                        1,
                        List.of(Fault.of(Fault.Effect.CONFLICT)
                                .on("patch", "namespaces")
                                .times(1)));
        String version = client.get(NAMESPACES + "/default").resourceVersion();
        assertThat(client.merge(NAMESPACES + "/default", LABEL).code()).isEqualTo(409);
        assertThat(client.get(NAMESPACES + "/default").resourceVersion()).isEqualTo(version);
    }

    @Test
    void aConnectionDropsBeforeOrAfterTheWriteTookEffect() throws IOException, InterruptedException {
        for (Fault.Effect effect : List.of(Fault.Effect.DROP_BEFORE, Fault.Effect.DROP_AFTER)) {
            cluster.faults()
                    .set(1, List.of(Fault.of(effect).on("create", "configmaps").times(1)));
            assertThatThrownBy(() -> client.post(
                            NAMESPACES + "/default/configmaps", "{'metadata':{'name':'" + name(effect) + "'}}"))
                    .isInstanceOf(IOException.class);
        }
        assertThat(client.get(NAMESPACES + "/default/configmaps").itemNames()).containsExactly("drop-after");
    }

    private static String name(Fault.Effect effect) {
        return effect.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    @Test
    void aWatchIsCutInTheMiddleOfAnEvent() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.CUT_WATCH).afterEvents(1)));
        String now = client.get(NAMESPACES + "?limit=1").resourceVersion();
        try (Watch watch = client.watch(NAMESPACES + "?watch=1&resourceVersion=" + now)) {
            client.merge(NAMESPACES + "/default", LABEL);
            assertThat(watch.summary()).isEqualTo("MODIFIED default");
            client.merge(NAMESPACES + "/default", LABEL.replace("1", "2"));
            assertThatThrownBy(watch::summary).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aWatchExpires() throws IOException, InterruptedException {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.EXPIRE_WATCH).afterEvents(1)));
        try (Watch watch = client.watch(NAMESPACES + "?watch=1")) {
            assertThat(watch.summary()).isEqualTo("ADDED default");
            assertThat(watch.next().path("object").path("code").asInt()).isEqualTo(410);
        }
    }

    @Test
    void aStallLastsUntilTheFaultsAreCleared() {
        cluster.faults().set(1, List.of(Fault.of(Fault.Effect.STALL).on("list", "namespaces")));
        CompletableFuture<Answer> stalled = CompletableFuture.supplyAsync(() -> {
            try {
                return client.get(NAMESPACES);
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> cluster.requests().count("list", "namespaces") == 1);
        assertThat(stalled).isNotDone();
        cluster.faults().clear();
        assertThat(stalled.join().code()).isEqualTo(200);
    }

    @Test
    void theSameSeedStrikesTheSameRequests() throws IOException, InterruptedException {
        List<Fault> halves =
                List.of(Fault.of(Fault.Effect.STATUS).withStatus(503, 1).withProbability(0.5));
        cluster.faults().set(7, halves);
        List<Integer> first = codes();
        cluster.faults().set(7, halves);
        assertThat(codes()).isEqualTo(first).contains(200, 503);
    }

    private List<Integer> codes() throws IOException, InterruptedException {
        List<Integer> codes = new java.util.ArrayList<>();
        for (int i : IntStream.range(0, 30).toArray()) {
            codes.add(client.get(NAMESPACES + "/default?i=" + i).code());
        }
        return codes;
    }

    @Test
    void aWriteThatIsBrokenOffInItsBodyIsNotDoneAndNotCounted() throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(cluster.url()).getPort())) {
            socket.getOutputStream()
                    .write(
                            "PATCH /api/v1/namespaces/default HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{\"metadata\":"
                                    .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        assertThat(cluster.requests().total()).isZero();
    }

    @Test
    void requestsAreCountedByVerbResourceAndAgentUntilReset() throws IOException, InterruptedException {
        client.get(NAMESPACES);
        client.get(NAMESPACES + "/default");
        client.merge(NAMESPACES + "/default", LABEL);
        client.merge("/apis/apps/v1/namespaces/default/deployments/x/scale", "{}");
        try (Watch watch = client.watch("/api/v1/pods?watch=1&resourceVersion=1&timeoutSeconds=1")) {
            assertThat(watch.code()).isEqualTo(200);
        }
        Answer counted = client.get("/kubesim/requests");
        assertThat(counted.body().path("byVerb").toString())
                .isEqualTo("{\"get\":{\"namespaces\":1},\"list\":{\"namespaces\":1},\"patch\":{\"deployments/scale\":1,"
                        + "\"namespaces\":1},\"watch\":{\"pods\":1}}");
        assertThat(counted.body().path("byUserAgent").propertyNames()).containsExactly("tester/1.0");
        assertThat(counted.body().path("total").asInt()).isEqualTo(5);
        assertThat(client.delete("/kubesim/requests", "").body().path("total").asInt())
                .isZero();
    }
}
