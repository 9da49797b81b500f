package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Writes that change part of an object.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7386">RFC 7386, JSON Merge Patch</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902, JSON Patch</a>
 */
final class PatchContractTest extends ContractTest {

    private final String name;
    private final String path;

    PatchContractTest(Api api) {
        super(api);
        name = api.namespace("'labels':{'a':'1'},'annotations':{'note':'old'}");
        path = Api.namespacePath(name);
    }

    private Answer now() {
        return api.get(path).expect(200);
    }

    @Test
    void a_merge_patch_of_a_stale_resourceVersion_is_409_Conflict_and_changes_nothing() {
        String stale = now().resourceVersion();
        api.mergePatch(path, "{'metadata':{'labels':{'a':'2'}}}").expect(200);
        Answer before = now();

        Answer refusal = api.mergePatch(path, "{'metadata':{'resourceVersion':'" + stale + "','labels':{'a':'3'}}}")
                .refused(409, "Conflict");

        assertThat(refusal.text("/details/name")).isEqualTo(name);
        assertThat(refusal.text("/details/kind")).isEqualTo("namespaces");
        assertThat(now().body()).isEqualTo(before.body());
    }

    @Test
    void a_merge_patch_of_the_present_uid_and_resourceVersion_is_carried_out() {
        Answer present = now();

        Answer patched = api.mergePatch(
                        path,
                        "{'metadata':{'uid':'" + present.uid() + "','resourceVersion':'" + present.resourceVersion()
                                + "','labels':{'a':'2'}}}")
                .expect(200);

        assertThat(patched.text("/metadata/labels/a")).isEqualTo("2");
        assertThat(Long.parseLong(patched.resourceVersion())).isGreaterThan(Long.parseLong(present.resourceVersion()));
    }

    @Test
    void a_merge_patch_of_another_uid_is_422_field_is_immutable() {
        Answer before = now();

        Answer refusal = api.mergePatch(
                        path, "{'metadata':{'uid':'0e7d3c9c-0000-4000-8000-000000000000','labels':{'a':'3'}}}")
                .refused(422, "Invalid");

        assertThat(refusal.message()).contains("metadata.uid").contains("field is immutable");
        assertThat(refusal.causes()).contains("FieldValueInvalid metadata.uid");
        assertThat(now().body()).isEqualTo(before.body());
    }

    @Test
    void null_in_a_merge_patch_removes_a_key_and_only_it() {
        Answer patched = api.mergePatch(
                        path, "{'metadata':{'labels':{'a':null},'annotations':{'note':null,'new':'x'}}}")
                .expect(200);

        assertThat(patched.body().at("/metadata/labels").has("a")).isFalse();
        assertThat(patched.text("/metadata/labels/kubernetes.io~1metadata.name"))
                .isEqualTo(name);
        assertThat(patched.body().at("/metadata/annotations")).hasToString("{\"new\":\"x\"}");
    }

    @Test
    void the_answer_to_a_patch_is_the_whole_object_as_it_is_now() {
        Answer patched =
                api.mergePatch(path, "{'metadata':{'labels':{'a':'2'}}}").expect(200);

        assertThat(patched.body()).isEqualTo(now().body());
        assertThat(patched.text("/kind")).isEqualTo("Namespace");
        assertThat(patched.text("/metadata/annotations/note")).isEqualTo("old");
    }

    @Test
    void a_patch_that_changes_nothing_keeps_the_resourceVersion() {
        Answer before = now();

        Answer same = api.mergePatch(
                        path, "{'metadata':{'labels':{'a':'1','absent':null},'annotations':{'gone':null}}}")
                .expect(200);

        assertThat(same.body()).isEqualTo(before.body());
    }

    @Test
    void removing_the_last_annotation_and_a_key_from_no_annotations_at_all_are_fine() {
        Answer none = api.mergePatch(path, "{'metadata':{'annotations':{'note':null}}}")
                .expect(200);
        assertThat(none.body().at("/metadata").has("annotations")).isFalse();

        Answer same = api.mergePatch(path, "{'metadata':{'annotations':{'note':null}}}")
                .expect(200);
        assertThat(same.resourceVersion()).isEqualTo(none.resourceVersion());
    }

    @Test
    void a_patch_of_what_is_not_there_is_404_NotFound() {
        api.mergePatch(Api.namespacePath("contract-" + Api.random()), "{'metadata':{'labels':{'a':'2'}}}")
                .refused(404, "NotFound");
    }

    @Test
    void a_patch_that_is_no_JSON_is_400_BadRequest() {
        api.mergePatch(path, "{").refused(400, "BadRequest");
    }

    @Test
    void a_label_that_is_none_is_422_Invalid() {
        Answer refusal = api.mergePatch(path, "{'metadata':{'labels':{'a':'not a label'}}}")
                .refused(422, "Invalid");

        assertThat(refusal.causes()).containsExactly("FieldValueInvalid metadata.labels");
    }

    @ParameterizedTest
    @CsvSource({"apps, replicasets, 1", "apps, statefulsets, 1", "'', replicationcontrollers, 1", "apps, deployments, 2"
    })
    void generation_rises_with_spec_and_that_of_a_Deployment_with_annotations_too(
            String group, String plural, long annotated) {
        String workloads = Api.path(group, name, plural);
        String workload = plural.equals("replicationcontrollers")
                ? Workloads.replicationController("web", 0)
                : Workloads.deployment("web", 0);
        long created = api.post(workloads, workload).expect(201).generation();
        String web = workloads + "/web";

        long labelled = generation(web, "{'metadata':{'labels':{'a':'1'}}}");
        long noted = generation(web, "{'metadata':{'annotations':{'a':'1'}}}");
        long slower = generation(web, "{'metadata':{'annotations':{'a':null}},'spec':{'minReadySeconds':1}}");

        assertThat(List.of(created, labelled)).containsOnly(1L);
        assertThat(noted).isEqualTo(annotated);
        assertThat(slower).isEqualTo(annotated + 1);
    }

    private long generation(String path, String patch) {
        return api.mergePatch(path, patch).expect(200).generation();
    }

    @Test
    void a_JSON_patch_is_carried_out_as_a_whole() {
        Answer patched = api.jsonPatch(
                        path,
                        "[{'op':'test','path':'/metadata/annotations/note','value':'old'},"
                                + "{'op':'remove','path':'/metadata/annotations/note'},"
                                + "{'op':'add','path':'/metadata/labels/b~1c','value':'2'}]")
                .expect(200);

        assertThat(patched.body().at("/metadata").has("annotations")).isFalse();
        assertThat(patched.text("/metadata/labels/b~1c")).isEqualTo("2");
    }

    @Test
    void a_JSON_patch_whose_test_fails_is_422_Invalid_and_changes_nothing() {
        Answer before = now();

        api.jsonPatch(
                        path,
                        "[{'op':'remove','path':'/metadata/annotations/note'},"
                                + "{'op':'test','path':'/metadata/labels/a','value':'2'}]")
                .refused(422, "Invalid");

        assertThat(now().body()).isEqualTo(before.body());
    }

    @Test
    void a_JSON_patch_that_removes_what_is_not_there_is_422_Invalid() {
        api.jsonPatch(path, "[{'op':'remove','path':'/metadata/annotations/absent'}]")
                .refused(422, "Invalid");
    }
}
