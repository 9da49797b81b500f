package run.clawcloud.block.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static run.clawcloud.block.feed.ViewBuilder.done;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.Events;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Scaling;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import run.clawcloud.block.state.LockQuota;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bodies that are written, byte for byte as far as they matter, and what is read of workloads and pods. */
class KubeClusterTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String MERGE = "application/merge-patch+json";

    private final TestServer server = new TestServer();
    private final KubeCluster cluster = new KubeCluster(server.door(), 50, () -> Selectors.NONE);

    @AfterEach
    void close() {
        server.close();
    }

    // Namespaces.

    @Test
    void aNamespaceIsPatchedAtItsVersionAndNullRemoves() throws Exception {
        server.then(200, "{\"metadata\":{\"name\":\"tenant\",\"resourceVersion\":\"8\"}}");
        SequencedMap<String, @Nullable String> labels = new LinkedHashMap<>();
        labels.put("core.clawcloud.run/applied", null);
        labels.put("clawcloud.run/status", "active");
        SequencedMap<String, @Nullable String> annotations = new LinkedHashMap<>();
        annotations.put("clawcloud.run/unlock-timestamp", null);

        assertThat(cluster.patchNamespace("tenant", new NamespacePatch(7, labels, annotations)))
                .hasValueSatisfying(view -> assertThat(view.resourceVersion()).isEqualTo(8));

        assertSent("PATCH", "/api/v1/namespaces/tenant", MERGE, """
            {"metadata":{"resourceVersion":"7",
              "labels":{"core.clawcloud.run/applied":null,"clawcloud.run/status":"active"},
              "annotations":{"clawcloud.run/unlock-timestamp":null}}}""");
    }

    @Test
    void aPatchWithoutAnnotationsDoesNotSpeakOfThem() throws Exception {
        server.then(200, "{}");
        SequencedMap<String, @Nullable String> labels = new LinkedHashMap<>(Map.of("a", "b"));

        cluster.patchNamespace("tenant", new NamespacePatch(7, labels, new LinkedHashMap<>()));

        assertSent("PATCH", "/api/v1/namespaces/tenant", MERGE, """
            {"metadata":{"resourceVersion":"7","labels":{"a":"b"}}}""");
    }

    @Test
    void exactlyTheNamespaceThatWasReadIsDeleted() throws Exception {
        server.then(200, "{}");

        cluster.deleteNamespace(done("tenant", 7).build());

        assertSent("DELETE", "/api/v1/namespaces/tenant", "application/json", """
            {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"uid-of-tenant","resourceVersion":"7"}}""");
    }

    @Test
    void whatIsNotThereIsEmptyAndNeedsNoDeleting() throws Exception {
        for (int i = 0; i < 5; i++) {
            server.refuse(404, "NotFound", "no such thing");
        }

        assertThat(cluster.namespace("tenant")).isEmpty();
        assertThat(cluster.quota("tenant")).isEmpty();
        cluster.deleteNamespace(done("tenant", 7).build());
        cluster.deleteQuota("tenant");
        cluster.deletePod(pod());
        assertThat(server.received).hasSize(5);
    }

    @Test
    void aChangedNamespaceIsNotDeleted() {
        server.refuse(409, "Conflict", "the resourceVersion is another");

        assertThatThrownBy(() -> cluster.deleteNamespace(done("tenant", 7).build()))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.conflict()).isTrue());
    }

    // The quota.

    @Test
    void theQuotaIsCreatedWithOurLabel() throws Exception {
        server.then(201, "{}");

        cluster.createQuota("tenant", LockQuota.of(true));

        JsonNode body = MAPPER.readTree(server.only().body());
        assertThat(server.only().target()).isEqualTo("/api/v1/namespaces/tenant/resourcequotas");
        assertThat(body.at("/kind").asString()).isEqualTo("ResourceQuota");
        assertThat(body.at("/metadata/name").asString()).isEqualTo("block-controller-quota");
        assertThat(body.at("/metadata/labels"))
                .isEqualTo(MAPPER.readTree("{\"app.kubernetes.io/managed-by\":\"block-controller\"}"));
        assertThat(body.at("/spec/hard").propertyNames())
                .containsExactlyInAnyOrderElementsOf(LockQuota.of(true).hard().keySet());
        assertThat(body.at("/spec/hard"))
                .allSatisfy(limit -> assertThat(limit.asString()).isEqualTo("0"));
    }

    @Test
    void anAlteredQuotaIsPutRightAndWhatIsNotOursGoes() throws Exception {
        server.then(200, "{}");
        QuotaView standing = new QuotaView(
                "tenant", "block-controller-quota", 9, Map.of("pods", "5", "count/widgets", "1"), true, false);

        cluster.repairQuota(standing, LockQuota.of(false));

        JsonNode body = MAPPER.readTree(server.only().body());
        assertThat(server.only().target()).isEqualTo("/api/v1/namespaces/tenant/resourcequotas/block-controller-quota");
        assertThat(server.only().contentType()).isEqualTo(MERGE);
        assertThat(body.at("/metadata")).isEqualTo(MAPPER.readTree("""
            {"resourceVersion":"9","labels":{"app.kubernetes.io/managed-by":"block-controller"}}"""));
        assertThat(body.at("/spec/scopes").isNull()).isTrue();
        assertThat(body.at("/spec/scopeSelector").isNull()).isTrue();
        assertThat(body.at("/spec/hard/count~1widgets").isNull()).isTrue();
        assertThat(body.at("/spec/hard/pods").asString()).isEqualTo("0");
        assertThat(body.at("/spec/hard").size())
                .isEqualTo(LockQuota.of(false).hard().size() + 1);
    }

    // Workloads.

    /** One body carries note, knob and version, so that no crash can separate them. */
    @Test
    void aLockScalesAndNotesInOneWriteThatHoldsOnlyForWhatWasRead() throws Exception {
        server.then(200, "{}");

        cluster.writeWorkload(workload(WorkloadKind.DEPLOYMENT), new Scaling.Write(0, null, "3"));

        assertSent("PATCH", "/apis/apps/v1/namespaces/tenant/deployments/web", MERGE, """
            {"metadata":{"uid":"u","resourceVersion":"5","annotations":{"core.clawcloud.run/original-replicas":"3"}},
             "spec":{"replicas":0}}""");
    }

    @Test
    void aLockSuspendsAndNotesInOneWriteThatHoldsOnlyForWhatWasRead() throws Exception {
        server.then(200, "{}");

        cluster.writeWorkload(workload(WorkloadKind.CRON_JOB), new Scaling.Write(null, true, "false"));

        assertSent("PATCH", "/apis/batch/v1/namespaces/tenant/cronjobs/web", MERGE, """
            {"metadata":{"uid":"u","resourceVersion":"5","annotations":{"core.clawcloud.run/original-suspend":"false"}},
             "spec":{"suspend":true}}""");
    }

    @Test
    void anUnlockRestoresAndRemovesTheNoteInOneWrite() throws Exception {
        server.then(200, "{}");

        cluster.writeWorkload(workload(WorkloadKind.REPLICATION_CONTROLLER), new Scaling.Write(3, null, null));

        assertSent("PATCH", "/api/v1/namespaces/tenant/replicationcontrollers/web", MERGE, """
            {"metadata":{"uid":"u","resourceVersion":"5","annotations":{"core.clawcloud.run/original-replicas":null}},
             "spec":{"replicas":3}}""");
    }

    /** Right whatever else has changed, and only on the object that was meant. */
    @Test
    void onlyRemovingANoteHoldsForTheObjectInWhateverState() throws Exception {
        server.then(200, "{}");

        cluster.writeWorkload(workload(WorkloadKind.REPLICA_SET), new Scaling.Write(null, null, null));

        assertSent("PATCH", "/apis/apps/v1/namespaces/tenant/replicasets/web", MERGE, """
            {"metadata":{"uid":"u","annotations":{"core.clawcloud.run/original-replicas":null}}}""");
    }

    @Test
    void workloadsAreListedPageByPageAndReadFieldByField() throws Exception {
        server.then(200, """
                {"metadata":{"continue":"more&more","resourceVersion":"9"},"items":[
                 {"status":{"observedGeneration":3},
                  "spec":{"template":{"spec":{"replicas":99}},"replicas":4},
                  "metadata":{"generation":4,"annotations":{"core.clawcloud.run/original-replicas":"7","x":"y"},
                   "resourceVersion":"5","uid":"u","name":"web","namespace":"tenant","managedFields":[{"a":{}}]}}]}""").then(200, """
                    {"items":[{"metadata":{"name":"bare"}}],"metadata":{"resourceVersion":"9"}}""");
        List<Workload> read = new ArrayList<>();

        cluster.listWorkloads(WorkloadKind.DEPLOYMENT, "tenant", read::add);

        assertThat(read)
                .containsExactly(
                        new Workload(
                                WorkloadKind.DEPLOYMENT, "tenant", "web", "u", "5", 4, false, "7", false, false, true),
                        new Workload(WorkloadKind.DEPLOYMENT, "", "bare", "", "", 1, false, null, false, false, false));
        assertThat(server.received)
                .extracting(TestServer.Received::target)
                .containsExactly(
                        "/apis/apps/v1/namespaces/tenant/deployments?limit=50",
                        "/apis/apps/v1/namespaces/tenant/deployments?limit=50&continue=more%26more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DEPLOYMENT | {}                                  | 1     | false",
                "DEPLOYMENT | {\"spec\":{}}                       | 1     | false",
                "DEPLOYMENT | {\"spec\":{\"replicas\":null}}      | 1     | false",
                "DEPLOYMENT | {\"spec\":{\"replicas\":0}}         | 0     | false",
                "CRON_JOB   | {\"spec\":{}}                       | 1     | false",
                "CRON_JOB   | {\"spec\":{\"suspend\":null}}       | 1     | false",
                "CRON_JOB   | {\"spec\":{\"suspend\":true}}       | 1     | true"
            })
    void absentReplicasAreOneAndAbsentSuspendIsFalse(
            WorkloadKind kind, String document, int replicas, boolean suspended) throws Exception {
        server.then(200, document);

        assertThat(cluster.workload(kind, "tenant", "web")).hasValueSatisfying(workload -> {
            assertThat(workload.replicas()).isEqualTo(replicas);
            assertThat(workload.suspended()).isEqualTo(suspended);
        });
    }

    @ParameterizedTest
    @CsvSource({"Complete, True, true", "Failed, True, true", "Complete, False, false", "Suspended, True, false"})
    void aJobHasFinishedWhenItsConditionSaysSo(String type, String status, boolean finished) throws Exception {
        server.then(200, """
            {"status":{"conditions":[{"type":"Other","status":"True"},{"status":"%s","type":"%s"}]}}""".formatted(status, type));

        assertThat(cluster.workload(WorkloadKind.JOB, "tenant", "web"))
                .hasValueSatisfying(job -> assertThat(job.finished()).isEqualTo(finished));
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, Deployment, true, true",
        "apps/v1, Deployment, false, false",
        "example.com/v1, Deployment, true, false",
        "argoproj.io/v1alpha1, Rollout, true, false"
    })
    void aReplicaSetIsADeploymentsWhenThatControlsIt(
            String apiVersion, String kind, boolean controller, boolean ofDeployment) throws Exception {
        server.then(200, """
            {"metadata":{"ownerReferences":[{"kind":"Thing","apiVersion":"v1"},
              {"controller":%s,"kind":"%s","apiVersion":"%s","name":"web"}]}}""".formatted(controller, kind, apiVersion));

        assertThat(cluster.workload(WorkloadKind.REPLICA_SET, "tenant", "web"))
                .hasValueSatisfying(set -> assertThat(set.ofDeployment()).isEqualTo(ofDeployment));
    }

    // Pods.

    @Test
    void podsAreReadFieldByField() throws Exception {
        server.then(200, """
            {"metadata":{"resourceVersion":"9"},"items":[
             {"metadata":{"namespace":"tenant","name":"lonely","uid":"1"},"status":{"phase":"Running"}},
             {"metadata":{"name":"mirror","uid":"2","annotations":{"kubernetes.io/config.mirror":"abc"},
              "ownerReferences":[{"apiVersion":"v1","kind":"Node","controller":true}]}},
             {"metadata":{"name":"over","uid":"3"},"status":{"phase":"Succeeded"}},
             {"metadata":{"name":"failed","uid":"4"},"status":{"phase":"Failed"}},
             {"metadata":{"name":"going","uid":"5","deletionTimestamp":"2030-01-01T00:00:00Z"}},
             {"metadata":{"name":"owned","uid":"6",
              "ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","controller":true}]}}]}""");
        List<Pod> read = new ArrayList<>();

        cluster.listPods("tenant", read::add);

        assertThat(read)
                .containsExactly(
                        new Pod("tenant", "lonely", "1", null, false, false, false),
                        new Pod("", "mirror", "2", new Pod.Controller("", "Node"), true, false, false),
                        new Pod("", "over", "3", null, false, true, false),
                        new Pod("", "failed", "4", null, false, true, false),
                        new Pod("", "going", "5", null, false, false, true),
                        new Pod("", "owned", "6", new Pod.Controller("apps", "DaemonSet"), false, false, false));
        assertThat(server.only().target()).isEqualTo("/api/v1/namespaces/tenant/pods?limit=50");
    }

    @Test
    void exactlyThePodThatWasReadIsDeletedAndAnotherOfItsNameIsLeft() throws Exception {
        server.refuse(409, "Conflict", "the UID in the precondition does not match");

        cluster.deletePod(pod());

        assertSent("DELETE", "/api/v1/namespaces/tenant/pods/lonely", "application/json", """
            {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u"}}""");
    }

    // The feed's requests, and Events.

    @Test
    void aListAsksForWhatItIsTold() throws Exception {
        server.then(200, "{}").then(200, "{}");
        KubeListWatch namespaces = new KubeListWatch(server.door(), Resource.NAMESPACES);

        namespaces.list("a,b notin (c)", 500, null, "0").close();
        namespaces.list("", 1, "to/ken", null).close();

        assertThat(server.received)
                .extracting(TestServer.Received::target)
                .containsExactly(
                        "/api/v1/namespaces?limit=500&labelSelector=a%2Cb+notin+%28c%29&resourceVersion=0&resourceVersionMatch=NotOlderThan",
                        "/api/v1/namespaces?limit=1&continue=to%2Fken");
    }

    @Test
    void aWatchAsksForBookmarks() throws Exception {
        server.then(200, "{}");

        new KubeListWatch(server.door(), Resource.RESOURCE_QUOTAS)
                .watch("a=b", "77", Duration.ofMinutes(6), Duration.ofMinutes(3))
                .close();

        assertThat(server.only().target())
                .isEqualTo("/api/v1/resourcequotas?watch=true&allowWatchBookmarks=true&resourceVersion=77"
                        + "&timeoutSeconds=360&labelSelector=a%3Db");
        assertThat(server.counted).containsExactly("watch resourcequotas 200");
    }

    @Test
    void anEventSaysWhatItIsAbout() throws Exception {
        server.then(201, "{}");

        new EventWriter(server.door(), "block-controller-0")
                .create(
                        EventSeries.of(
                                new EventSeries.Said(
                                        Events.Regarding.workload(workload(WorkloadKind.CRON_JOB)),
                                        "Warning",
                                        "NoteUnreadable",
                                        "x".repeat(2_000)),
                                Instant.parse("2030-01-01T00:00:00.5Z")),
                        "web.1");

        JsonNode body = MAPPER.readTree(server.only().body());
        assertThat(server.only().target()).isEqualTo("/apis/events.k8s.io/v1/namespaces/tenant/events");
        assertThat(body.at("/regarding")).isEqualTo(MAPPER.readTree("""
            {"apiVersion":"batch/v1","kind":"CronJob","namespace":"tenant","name":"web","uid":"u"}"""));
        assertThat(body.at("/eventTime").asString()).isEqualTo("2030-01-01T00:00:00.500000Z");
        assertThat(body.at("/note").asString()).hasSize(1024);
        assertThat(body.at("/type").asString()).isEqualTo("Warning");
        assertThat(body.at("/metadata/name").asString()).isEqualTo("web.1");
        assertThat(body.at("/reportingInstance").asString()).isEqualTo("block-controller-0");
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        KubeCluster dry = new KubeCluster(server.door(true), 50, () -> Selectors.NONE);

        assertThat(dry.patchNamespace("tenant", new NamespacePatch(7, new LinkedHashMap<>(), new LinkedHashMap<>())))
                .isEmpty();
        dry.deleteNamespace(done("tenant", 7).build());
        dry.createQuota("tenant", LockQuota.of(false));
        dry.repairQuota(new QuotaView("tenant", "q", 1, Map.of(), false, true), LockQuota.of(false));
        dry.deleteQuota("tenant");
        dry.writeWorkload(workload(WorkloadKind.JOB), new Scaling.Write(null, true, "false"));
        dry.deletePod(pod());

        assertThat(server.received).isEmpty();
        assertThat(server.counted).hasSize(7).allMatch(line -> line.endsWith(" dry-run"));
    }

    private void assertSent(String method, String target, String contentType, String body) {
        assertThat(server.only().method()).isEqualTo(method);
        assertThat(server.only().target()).isEqualTo(target);
        assertThat(server.only().contentType()).isEqualTo(contentType);
        assertThat(MAPPER.readTree(server.only().body())).isEqualTo(MAPPER.readTree(body));
    }

    private static Workload workload(WorkloadKind kind) {
        return new Workload(kind, "tenant", "web", "u", "5", 3, false, null, false, false, false);
    }

    private static Pod pod() {
        return new Pod("tenant", "lonely", "u", null, false, false, false);
    }
}
