package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a refusal says. The refusals of a verb are with the verb's tests.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/">Status</a>
 */
final class RefusalContractTest extends ContractTest {

    RefusalContractTest(Api api) {
        super(api);
    }

    @Test
    void not_found_names_the_object_its_group_and_its_resource() {
        String path = Api.path("apps", api.namespace(), "deployments") + "/web";

        Answer refusal = api.get(path).refused(404, "NotFound");

        assertThat(refusal.body().toString())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"deployments.apps \\\"web\\\" not found\",\"reason\":\"NotFound\","
                        + "\"details\":{\"name\":\"web\",\"group\":\"apps\",\"kind\":\"deployments\"},\"code\":404}");
    }

    @Test
    void a_conflict_names_the_object_and_says_that_it_was_modified() {
        String path = Api.path("apps", api.namespace(), "deployments");
        api.post(path, Workloads.deployment("web", 0)).expect(201);

        Answer refusal = api.mergePatch(path + "/web", "{'metadata':{'resourceVersion':'1'},'spec':{'replicas':1}}")
                .refused(409, "Conflict");

        assertThat(refusal.message())
                .isEqualTo("Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified;"
                        + " please apply your changes to the latest version and try again");
        assertThat(refusal.body().path("details"))
                .hasToString("{\"name\":\"web\",\"group\":\"apps\",\"kind\":\"deployments\"}");
    }

    @Test
    void something_of_that_name_is_AlreadyExists_though_a_conflict_has_the_same_code() {
        String path = Api.path("", api.namespace(), "configmaps");
        api.post(path, "{'metadata':{'name':'a'}}").expect(201);

        Answer refusal = api.post(path, "{'metadata':{'name':'a'}}").refused(409, "AlreadyExists");

        assertThat(refusal.message()).isEqualTo("configmaps \"a\" already exists");
        assertThat(refusal.body().path("details")).hasToString("{\"name\":\"a\",\"kind\":\"configmaps\"}");
    }

    @Test
    void invalid_lists_every_field_that_is_wrong() {
        Answer refusal = api.post("/api/v1/namespaces", "{'metadata':{'name':'No_Name','labels':{'a':'not a label'}}}")
                .refused(422, "Invalid");

        assertThat(refusal.causes())
                .containsExactlyInAnyOrder("FieldValueInvalid metadata.name", "FieldValueInvalid metadata.labels");
        assertThat(refusal.body().path("details").path("kind").asString()).isEqualTo("Namespace");
    }

    @Test
    void a_negative_number_of_replicas_is_422_Invalid() {
        String path = Api.path("apps", api.namespace(), "deployments");
        api.post(path, Workloads.deployment("web", 0)).expect(201);

        Answer refusal =
                api.mergePatch(path + "/web", "{'spec':{'replicas':-1}}").refused(422, "Invalid");

        assertThat(refusal.causes()).containsExactly("FieldValueInvalid spec.replicas");
    }

    @Test
    void a_namespace_that_is_not_there_is_404_for_what_is_to_be_created_in_it() {
        String name = "contract-" + Api.random();

        Answer refusal = api.post(Api.path("", name, "configmaps"), "{'metadata':{'name':'a'}}")
                .refused(404, "NotFound");

        assertThat(refusal.message()).isEqualTo("namespaces \"" + name + "\" not found");
    }

    @Test
    void a_namespace_that_is_not_there_is_empty_for_a_list() {
        Answer list =
                api.get(Api.path("", "contract-" + Api.random(), "configmaps")).expect(200);

        assertThat(list.items()).isEmpty();
    }
}
