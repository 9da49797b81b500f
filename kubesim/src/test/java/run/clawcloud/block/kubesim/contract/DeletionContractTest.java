package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Deletions, and how a namespace ends. */
final class DeletionContractTest extends ContractTest {

    private final String key = "contract.clawcloud.run/" + Api.random();
    private final String name;
    private final String path;

    DeletionContractTest(Api api) {
        super(api);
        name = api.namespace("'labels':{'" + key + "':'yes'}");
        path = Api.namespacePath(name);
    }

    private static String preconditions(String uid, String resourceVersion) {
        return "{'apiVersion':'v1','kind':'DeleteOptions','preconditions':{'uid':'" + uid + "','resourceVersion':'"
                + resourceVersion + "'}}";
    }

    private void assertActive() {
        Answer now = api.get(path).expect(200);
        assertThat(now.text("/status/phase")).isEqualTo("Active");
        assertThat(now.body().at("/metadata").has("deletionTimestamp")).isFalse();
    }

    @Test
    void a_deletion_of_an_older_resourceVersion_is_409_Conflict_and_deletes_nothing() {
        Answer read = api.get(path).expect(200);
        api.mergePatch(path, "{'metadata':{'labels':{'" + key + "':'changed'}}}")
                .expect(200);

        Answer refusal = api.delete(path, preconditions(read.uid(), read.resourceVersion()))
                .refused(409, "Conflict");

        assertThat(refusal.text("/details/name")).isEqualTo(name);
        assertActive();
    }

    @Test
    void a_deletion_of_another_uid_is_409_Conflict_and_deletes_nothing() {
        Answer read = api.get(path).expect(200);

        api.delete(path, preconditions("0e7d3c9c-0000-4000-8000-000000000000", read.resourceVersion()))
                .refused(409, "Conflict");

        assertActive();
    }

    @Test
    void a_deletion_of_what_is_not_there_is_404_NotFound() {
        api.delete(Api.namespacePath("contract-" + Api.random()), "{}").refused(404, "NotFound");
    }

    @Test
    void a_namespace_whose_preconditions_hold_is_Terminating_and_then_gone() throws Exception {
        Answer read = api.get(path).expect(200);
        api.post(Api.path("", name, "configmaps"), "{'metadata':{'name':'content'}}")
                .expect(201);
        String selected = "/api/v1/namespaces?labelSelector=" + Api.encode(key) + "&watch=true&resourceVersion=";

        try (Watch watch = api.watch(selected + read.resourceVersion())) {
            Answer deleted = api.delete(path, preconditions(read.uid(), read.resourceVersion()))
                    .expect(200);
            assertThat(deleted.text("/status/phase")).isEqualTo("Terminating");

            Watch.Event first = watch.next();
            assertThat(first.summary()).isEqualTo("MODIFIED " + name);
            assertThat(first.object().at("/metadata/deletionTimestamp").asString())
                    .isNotEmpty();
            assertThat(first.object().at("/status/phase").asString()).isEqualTo("Terminating");
            Watch.Event last = first;
            while (!last.type().equals("DELETED")) {
                last = watch.next();
            }
            assertThat(last.name()).isEqualTo(name);
            assertThat(last.object().at("/metadata/uid").asString()).isEqualTo(read.uid());
            assertThat(Long.parseLong(last.resourceVersion())).isGreaterThan(Long.parseLong(first.resourceVersion()));
        }
        api.get(path).refused(404, "NotFound");
    }

    @Test
    void a_terminating_namespace_admits_nothing_new_and_says_why() {
        String configMaps = Api.path("", name, "configmaps");
        api.post(configMaps, "{'metadata':{'name':'held','finalizers':['contract.clawcloud.run/hold']}}")
                .expect(201);
        try {
            api.delete(path, "{}").expect(200);

            Answer refusal =
                    api.post(configMaps, "{'metadata':{'name':'late'}}").refused(403, "Forbidden");
            assertThat(refusal.causes()).containsExactly("NamespaceTerminating metadata.namespace");
            assertThat(refusal.message()).contains("because it is being terminated");
            refusal = api.post(
                            Api.path("", name, "resourcequotas"),
                            "{'metadata':{'name':'late'},'spec':{'hard':{'pods':'0'}}}")
                    .refused(403, "Forbidden");
            assertThat(refusal.causes()).containsExactly("NamespaceTerminating metadata.namespace");
        } finally {
            api.mergePatch(configMaps + "/held", "{'metadata':{'finalizers':null}}")
                    .expect(200);
        }
        Api.eventually(() -> api.get(path).refused(404, "NotFound"));
    }

    @Test
    void a_terminating_namespace_can_still_be_labelled_and_deleted_again() {
        String configMaps = Api.path("", name, "configmaps");
        api.post(configMaps, "{'metadata':{'name':'held','finalizers':['contract.clawcloud.run/hold']}}")
                .expect(201);
        try {
            api.delete(path, "{}").expect(200);

            Answer labelled = api.mergePatch(path, "{'metadata':{'labels':{'" + key + "':'late'}}}")
                    .expect(200);
            assertThat(labelled.text("/metadata/deletionTimestamp")).isNotEmpty();
            assertThat(List.of(200, 202, 409)).contains(api.delete(path, "{}").code());
        } finally {
            api.mergePatch(configMaps + "/held", "{'metadata':{'finalizers':null}}")
                    .expect(200);
        }
    }

    @Test
    void a_pod_of_another_uid_is_409_Conflict_and_stays() {
        String pods = Api.path("", name, "pods");
        api.post(pods, Workloads.pod("a")).expect(201);

        api.delete(pods + "/a", "{'preconditions':{'uid':'0e7d3c9c-0000-4000-8000-000000000000'}}")
                .refused(409, "Conflict");

        assertThat(api.get(pods + "/a").expect(200).body().at("/metadata").has("deletionTimestamp"))
                .isFalse();
    }

    @Test
    void a_pod_of_that_uid_goes() {
        String pods = Api.path("", name, "pods");
        String uid = api.post(pods, Workloads.pod("a")).expect(201).uid();

        api.delete(pods + "/a", "{'preconditions':{'uid':'" + uid + "'}}").expect(200);

        Api.eventually(() -> api.get(pods + "/a").refused(404, "NotFound"));
    }
}
