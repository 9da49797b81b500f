package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Client.Answer;
import tools.jackson.databind.JsonNode;

/** Create, read, update, patch and delete, as a kube-apiserver 1.32 was seen to answer. */
class ObjectsTest {

    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String CONFIG_MAPS = NAMESPACES + "/t/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/t/deployments";
    private static final String WEB = """
            {'metadata':{'name':'web'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':
            {'a':'b'}},'spec':{'containers':[{'name':'c','image':'x','env':[{'name':'K','value':'1'}]}]}}}}""";

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults());
    private final Client client = new Client(cluster);

    @BeforeEach
    void createNamespace() throws IOException, InterruptedException {
        assertThat(client.post(NAMESPACES, "{'metadata':{'name':'t','labels':{'a':'c'}}}")
                        .code())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static String message(Answer answer) {
        return answer.body().path("message").asString("");
    }

    @Test
    void aNewNamespaceIsActiveNamedByLabelAndKnowsItsManager() throws IOException, InterruptedException {
        JsonNode namespace = client.get(NAMESPACES + "/t").body();
        assertThat(namespace.path("kind").asString()).isEqualTo("Namespace");
        assertThat(namespace.path("status").path("phase").asString()).isEqualTo("Active");
        assertThat(namespace.path("spec").path("finalizers").path(0).asString()).isEqualTo("kubernetes");
        JsonNode metadata = namespace.path("metadata");
        assertThat(metadata.path("labels").path("kubernetes.io/metadata.name").asString())
                .isEqualTo("t");
        assertThat(metadata.has("generation")).isFalse();
        assertThat(metadata.path("managedFields").path(0).path("manager").asString())
                .isEqualTo("tester");
        assertThat(metadata.path("managedFields").path(0).path("fieldsV1").toString())
                .isEqualTo(
                        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{},\"f:kubernetes.io/metadata.name\":{}}}}");
    }

    @Test
    void refusesWithTheStatusOfTheRealServer() throws IOException, InterruptedException {
        Answer missing = client.get(NAMESPACES + "/nope");
        assertThat(missing.response().body())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":"
                                + "\"namespaces \\\"nope\\\" not found\",\"reason\":\"NotFound\",\"details\":{\"name\":\"nope\","
                                + "\"kind\":\"namespaces\"},\"code\":404}");
        Answer taken = client.post(NAMESPACES, "{'metadata':{'name':'t'}}");
        assertThat(taken.code()).isEqualTo(409);
        assertThat(taken.body().path("reason").asString()).isEqualTo("AlreadyExists");
        assertThat(client.get("/api/v1/foos").code()).isEqualTo(404);
        assertThat(client.get("/apis/nope/v1/foos").code()).isEqualTo(404);
        assertThat(client.put(NAMESPACES, "{}").code()).isEqualTo(405);
        assertThat(client.send("POST", NAMESPACES, "text/plain", "{}").code()).isEqualTo(415);
        Answer bad = client.post(NAMESPACES, "{'metadata':{'name':'A_b','labels':{'x':'-'}}}");
        assertThat(bad.code()).isEqualTo(422);
        assertThat(bad.body()
                        .path("details")
                        .path("causes")
                        .path(0)
                        .path("field")
                        .asString())
                .isEqualTo("metadata.name");
        assertThat(bad.body()
                        .path("details")
                        .path("causes")
                        .path(1)
                        .path("message")
                        .asString())
                .startsWith("Invalid value: \"-\": a valid label must be");
        assertThat(client.post(CONFIG_MAPS.replace("/t/", "/nope/"), "{'metadata':{'name':'c'}}")
                        .code())
                .isEqualTo(404);
        assertThat(message(client.post(CONFIG_MAPS, "{'metadata':{'name':'c','namespace':'other'}}")))
                .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
    }

    @Test
    void aStaleResourceVersionIsAConflictWhateverTheVerb() throws IOException, InterruptedException {
        String expected =
                "Operation cannot be fulfilled on namespaces \"t\": the object has been modified; please apply"
                        + " your changes to the latest version and try again";
        Answer put = client.put(NAMESPACES + "/t", "{'metadata':{'name':'t','resourceVersion':'1'}}");
        assertThat(put.code()).isEqualTo(409);
        assertThat(message(put)).isEqualTo(expected);
        Answer patch = client.merge(NAMESPACES + "/t", "{'metadata':{'resourceVersion':'1','labels':{'a':'d'}}}");
        assertThat(patch.code()).isEqualTo(409);
        assertThat(message(patch)).isEqualTo(expected);
        String version = client.get(NAMESPACES + "/t").resourceVersion();
        Answer delete = client.delete(NAMESPACES + "/t", "{'preconditions':{'resourceVersion':'1'}}");
        assertThat(delete.code()).isEqualTo(409);
        assertThat(message(delete))
                .isEqualTo("Operation cannot be fulfilled on namespaces \"t\": Precondition failed: ResourceVersion in"
                        + " precondition: 1, ResourceVersion in object meta: " + version);
        assertThat(client.delete(NAMESPACES + "/t", "{'preconditions':{'uid':'x'}}")
                        .code())
                .isEqualTo(409);
        assertThat(client.get(NAMESPACES + "/t").resourceVersion()).isEqualTo(version);
    }

    @Test
    void aPatchWithTheRightResourceVersionIsDoneAndOneThatChangesNothingWritesNothing()
            throws IOException, InterruptedException {
        String version = client.get(NAMESPACES + "/t").resourceVersion();
        Answer patched = client.merge(
                NAMESPACES + "/t",
                "{'metadata':{'resourceVersion':'" + version + "','labels':{'a':null},'annotations':{'k':'v'}}}");
        assertThat(patched.code()).isEqualTo(200);
        assertThat(patched.body().path("metadata").path("labels").has("a")).isFalse();
        assertThat(patched.resourceVersion()).isNotEqualTo(version);
        assertThat(client.merge(NAMESPACES + "/t", "{'metadata':{'annotations':{'k':'v'}}}")
                        .resourceVersion())
                .isEqualTo(patched.resourceVersion());
    }

    @Test
    void jsonPatchIsAllOrNothing() throws IOException, InterruptedException {
        String type = "application/json-patch+json";
        Answer failed = client.send(
                "PATCH",
                NAMESPACES + "/t",
                type,
                "[{'op':'add','path':'/metadata/labels/b','value':'1'},{'op':'test','path':'/metadata/labels/a','value':'x'}]");
        assertThat(failed.code()).isEqualTo(422);
        assertThat(failed.body().path("reason").asString()).isEqualTo("Invalid");
        Answer done = client.send(
                "PATCH",
                NAMESPACES + "/t",
                type,
                "[{'op':'test','path':'/metadata/labels/a','value':'c'},{'op':'remove','path':'/metadata/labels/a'},"
                        + "{'op':'add','path':'/metadata/labels/x.y~1z','value':'1'}]");
        assertThat(done.code()).isEqualTo(200);
        assertThat(done.body().path("metadata").path("labels").has("b")).isFalse();
        assertThat(done.body().path("metadata").path("labels").path("x.y/z").asString())
                .isEqualTo("1");
        assertThat(client.send("PATCH", NAMESPACES + "/t", "application/apply-patch+yaml", "{}")
                        .code())
                .isEqualTo(415);
    }

    @Test
    void workloadsGetTheirDefaultsAndAGenerationThatCountsChangesOfTheSpec() throws IOException, InterruptedException {
        JsonNode created = client.post(DEPLOYMENTS, WEB).body();
        JsonNode spec = created.path("spec");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.path("revisionHistoryLimit").asInt()).isEqualTo(10);
        assertThat(spec.path("strategy").path("rollingUpdate").path("maxSurge").asString())
                .isEqualTo("25%");
        assertThat(spec.path("template").path("spec").path("restartPolicy").asString())
                .isEqualTo("Always");
        assertThat(created.path("metadata").path("generation").asInt()).isEqualTo(1);
        assertThat(created.path("status")).isEmpty();

        Answer labelled = client.merge(DEPLOYMENTS + "/web", "{'metadata':{'labels':{'k':'v'}}}");
        assertThat(labelled.body().path("metadata").path("generation").asInt()).isEqualTo(1);
        Answer scaled = client.merge(DEPLOYMENTS + "/web", "{'spec':{'replicas':0},'status':{'replicas':7}}");
        assertThat(scaled.body().path("metadata").path("generation").asInt()).isEqualTo(2);
        assertThat(scaled.body().path("status").path("replicas").asInt(0)).isNotEqualTo(7);
        Answer status =
                client.merge(DEPLOYMENTS + "/web/status", "{'spec':{'replicas':5},'status':{'collisionCount':3}}");
        assertThat(status.body().path("status").path("collisionCount").asInt()).isEqualTo(3);
        assertThat(status.body().path("spec").path("replicas").asInt()).isZero();
        assertThat(status.body().path("metadata").path("generation").asInt()).isEqualTo(2);
    }

    @Test
    void theScaleSubresourceReadsAndWritesReplicas() throws IOException, InterruptedException {
        client.post(DEPLOYMENTS, WEB);
        Answer scale = client.get(DEPLOYMENTS + "/web/scale");
        assertThat(scale.body().path("kind").asString()).isEqualTo("Scale");
        assertThat(scale.body().path("spec").path("replicas").asInt()).isEqualTo(1);
        assertThat(scale.body().path("status").path("selector").asString()).isEqualTo("a=b");
        assertThat(client.merge(DEPLOYMENTS + "/web/scale", "{'spec':{'replicas':3}}")
                        .body()
                        .path("spec")
                        .path("replicas")
                        .asInt())
                .isEqualTo(3);
        Answer put = client.put(
                DEPLOYMENTS + "/web/scale",
                "{'kind':'Scale','apiVersion':'autoscaling/v1','metadata':{'name':'web'},'spec':{'replicas':0}}");
        assertThat(put.code()).isEqualTo(200);
        assertThat(client.get(DEPLOYMENTS + "/web")
                        .body()
                        .path("spec")
                        .path("replicas")
                        .asInt(-1))
                .isZero();
        assertThat(client.get(CONFIG_MAPS + "/c/scale").code()).isEqualTo(404);
    }

    @Test
    void whatMustNotChangeIsRefused() throws IOException, InterruptedException {
        client.post(DEPLOYMENTS, WEB);
        Answer wrong =
                client.merge(DEPLOYMENTS + "/web", "{'spec':{'replicas':-1,'selector':{'matchLabels':{'a':'c'}}}}");
        assertThat(wrong.code()).isEqualTo(422);
        assertThat(message(wrong))
                .startsWith(
                        "Deployment.apps \"web\" is invalid: [spec.replicas: Invalid value: -1: must be greater than or"
                                + " equal to 0, spec.template.metadata.labels: Invalid value: map[string]string{\"a\":\"b\"}:"
                                + " `selector` does not match template `labels`, spec.selector: Invalid value: ")
                .endsWith(": field is immutable]");
        assertThat(message(client.post(DEPLOYMENTS, "{'metadata':{'name':'empty'}}")))
                .isEqualTo("Deployment.apps \"empty\" is invalid: [spec.selector: Required value,"
                        + " spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not match"
                        + " template `labels`, spec.template.spec.containers: Required value]");
        Answer uid = client.merge(DEPLOYMENTS + "/web", "{'metadata':{'uid':'1'}}");
        assertThat(uid.code()).isEqualTo(422);
    }

    @Test
    void strategicMergePatchMergesContainersByName() throws IOException, InterruptedException {
        client.post(DEPLOYMENTS, WEB);
        Answer patched = client.send(
                "PATCH",
                DEPLOYMENTS + "/web",
                "application/strategic-merge-patch+json",
                "{'spec':{'template':{'spec':{'containers':[{'name':'c','env':[{'name':'L','value':'2'}]},"
                        + "{'name':'d','image':'y'}]}}}}");
        JsonNode containers =
                patched.body().path("spec").path("template").path("spec").path("containers");
        assertThat(containers).hasSize(2);
        assertThat(containers.path(0).path("image").asString()).isEqualTo("x");
        assertThat(containers.path(0).path("env")).hasSize(2);
    }

    @Test
    void generateNameMakesNames() throws IOException, InterruptedException {
        String body = "{'metadata':{'generateName':'c-'}}";
        String first = client.post(CONFIG_MAPS, body)
                .body()
                .path("metadata")
                .path("name")
                .asString();
        String second = client.post(CONFIG_MAPS, body)
                .body()
                .path("metadata")
                .path("name")
                .asString();
        assertThat(first).matches("c-[a-z0-9]{5}").isNotEqualTo(second);
    }

    @Test
    void finalizersHoldAnObjectUntilTheyAreGone() throws IOException, InterruptedException {
        client.post(CONFIG_MAPS, "{'metadata':{'name':'c','finalizers':['example.com/hold']}}");
        Answer deleted = client.delete(CONFIG_MAPS + "/c", "");
        assertThat(deleted.body().path("kind").asString()).isEqualTo("ConfigMap");
        assertThat(deleted.body().path("metadata").has("deletionTimestamp")).isTrue();
        assertThat(client.merge(CONFIG_MAPS + "/c", "{'metadata':{'finalizers':['example.com/hold','x.y/more']}}")
                        .code())
                .isEqualTo(422);
        assertThat(client.merge(CONFIG_MAPS + "/c", "{'metadata':{'finalizers':null}}")
                        .code())
                .isEqualTo(200);
        assertThat(client.get(CONFIG_MAPS + "/c").code()).isEqualTo(404);
    }

    @Test
    void deletionAnswersWithAStatusAndDeletecollectionWithTheObjects() throws IOException, InterruptedException {
        client.post(CONFIG_MAPS, "{'metadata':{'name':'c','labels':{'x':'1'}}}");
        client.post(CONFIG_MAPS, "{'metadata':{'name':'d','labels':{'x':'1'}}}");
        client.post(CONFIG_MAPS, "{'metadata':{'name':'e'}}");
        Answer deleted = client.delete(CONFIG_MAPS + "/c", "");
        assertThat(deleted.body().path("status").asString()).isEqualTo("Success");
        assertThat(deleted.body().path("details").path("uid").asString()).isNotEmpty();
        assertThat(client.delete(CONFIG_MAPS + "?labelSelector=x", "").itemNames())
                .containsExactly("d");
        assertThat(client.get(CONFIG_MAPS).itemNames()).contains("e").doesNotContain("c", "d");
    }

    @Test
    void nothingNewComesIntoATerminatingNamespace() throws IOException, InterruptedException {
        client.post(CONFIG_MAPS, "{'metadata':{'name':'c','finalizers':['example.com/hold']}}");
        Answer going = client.delete(NAMESPACES + "/t", "");
        assertThat(going.body().path("status").path("phase").asString()).isEqualTo("Terminating");
        Answer refused = client.post(CONFIG_MAPS, "{'metadata':{'name':'d'}}");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(message(refused))
                .isEqualTo(
                        "configmaps \"d\" is forbidden: unable to create new content in namespace t because it is being"
                                + " terminated");
        assertThat(refused.body()
                        .path("details")
                        .path("causes")
                        .path(0)
                        .path("reason")
                        .asString())
                .isEqualTo("NamespaceTerminating");
    }

    @Test
    void anEventIsTheSameInBothDresses() throws IOException, InterruptedException {
        String events = "/apis/events.k8s.io/v1/namespaces/t/events";
        client.post(
                events,
                "{'metadata':{'name':'e'},'regarding':{'kind':'ConfigMap','namespace':'t','name':'t'},'note':'n','reason':'Locked',"
                        + "'action':'Locked','reportingController':'r','reportingInstance':'i','type':'Normal',"
                        + "'eventTime':'2026-11-23T10:00:00.000001Z'}");
        JsonNode core = client.get(NAMESPACES + "/t/events/e").body();
        assertThat(core.path("involvedObject").path("name").asString()).isEqualTo("t");
        assertThat(core.path("message").asString()).isEqualTo("n");
        assertThat(core.path("apiVersion").asString()).isEqualTo("v1");
        client.send("PATCH", NAMESPACES + "/t/events/e", Client.MERGE, "{'message':'m'}");
        JsonNode fresh = client.get(events + "?fieldSelector=regarding.name=t")
                .body()
                .path("items")
                .path(0);
        assertThat(fresh.path("note").asString()).isEqualTo("m");
        assertThat(fresh.path("regarding").path("kind").asString()).isEqualTo("ConfigMap");
        client.send("PATCH", events + "/e", Client.MERGE, "{'metadata':{'labels':{'a':'b'}}}");
        assertThat(client.get(NAMESPACES + "/t/events/e")
                        .body()
                        .path("metadata")
                        .path("labels")
                        .path("a")
                        .asString())
                .isEqualTo("b");
    }
}
