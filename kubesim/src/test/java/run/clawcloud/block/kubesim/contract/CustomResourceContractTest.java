package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Custom objects: served as any others are, with what a definition says of them. */
final class CustomResourceContractTest extends ContractTest {

    private final Parcels parcels;

    CustomResourceContractTest(Api api) {
        super(api);
        parcels = new Parcels(api);
    }

    @Test
    void discovery_knows_them() {
        Answer list = api.get("/apis/" + parcels.group + "/v1").expect(200);

        JsonNode resource = list.body().at("/resources/0");
        assertThat(resource.path("name").asString()).isEqualTo("parcels");
        assertThat(resource.path("singularName").asString()).isEqualTo("parcel");
        assertThat(resource.path("kind").asString()).isEqualTo("Parcel");
        assertThat(resource.path("namespaced").asBoolean()).isTrue();
        assertThat(resource.path("shortNames").toString()).isEqualTo("[\"pcl\"]");
        assertThat(resource.path("categories").toString()).isEqualTo("[\"post\"]");
        assertThat(list.text("/resources/1/name")).isEqualTo("parcels/status");
        assertThat(api.get("/apis/" + parcels.group).expect(200).text("/preferredVersion/version"))
                .isEqualTo("v1");
    }

    @Test
    void a_new_one_has_no_status_and_generation_one() {
        Answer created = api.post(parcels.path, parcels.json("a", "{}", ",'status':{'phase':'x'},'odd':1"))
                .expect(201);

        assertThat(created.body().has("status")).isFalse();
        assertThat(created.body().has("odd")).isFalse();
        assertThat(created.generation()).isEqualTo(1);
        api.post(parcels.path, parcels.json("a", "{}")).refused(409, "AlreadyExists");
    }

    @Test
    void status_and_the_rest_are_written_apart() {
        String path = parcels.create("{}");

        Answer status = api.mergePatch(
                        path + "/status",
                        "{'metadata':{'labels':{'a':'b'}},'spec':{'action':'locked'},'status':{'phase':'y'}}")
                .expect(200);
        assertThat(status.text("/status/phase")).isEqualTo("y");
        assertThat(status.text("/spec/action")).isEqualTo("active");
        assertThat(status.body().at("/metadata").has("labels")).isFalse();
        assertThat(status.generation()).isEqualTo(1);

        Answer labelled = api.mergePatch(path, "{'metadata':{'labels':{'a':'b'}},'status':{'phase':'z'}}")
                .expect(200);
        assertThat(labelled.text("/status/phase")).isEqualTo("y");
        assertThat(labelled.generation()).isEqualTo(1);

        assertThat(api.mergePatch(path, "{'spec':{'action':'locked'}}")
                        .expect(200)
                        .generation())
                .isEqualTo(2);
    }

    @Test
    void patches_are_merge_patches_or_json_patches() {
        String path = parcels.create("{'code':'ab'}");

        assertThat(api.jsonPatch(path, "[{'op':'replace','path':'/spec/code','value':'cd'}]")
                        .expect(200)
                        .text("/spec/code"))
                .isEqualTo("cd");
        api.jsonPatch(path, "[{'op':'test','path':'/spec/code','value':'ab'}]").refused(422, "Invalid");
        Answer refusal = api.patchAs("application/strategic-merge-patch+json", path, "{'spec':{'code':'ef'}}")
                .refused(415, "UnsupportedMediaType");
        assertThat(refusal.message())
                .contains("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    @Test
    void an_update_says_which_version_it_replaces() {
        Answer created = parcels.post("{}").expect(201);
        String name = created.text("/metadata/name");
        String path = parcels.path + "/" + name;

        assertThat(api.put(path, parcels.json(name, "{}"))
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly(
                        "FieldValueInvalid metadata.resourceVersion: Invalid value: 0x0: must be specified for an"
                                + " update");
        String update = parcels.json(name, "{'weight':2}")
                .replace("'metadata':{", "'metadata':{'resourceVersion':'" + created.resourceVersion() + "',");
        api.put(path, update).expect(200);
        api.put(path, update.replace("'weight':2", "'weight':3")).refused(409, "Conflict");
    }

    @Test
    void finalizers_hold_them() {
        String path = parcels.create("{}");
        api.mergePatch(path, "{'metadata':{'finalizers':['example.com/hold']}}").expect(200);

        assertThat(api.delete(path, "{}").expect(200).body().at("/metadata").has("deletionTimestamp"))
                .isTrue();
        api.get(path).expect(200);
        api.mergePatch(path, "{'metadata':{'finalizers':null}}").expect(200);
        api.get(path).refused(404, "NotFound");
    }

    @Test
    void lists_say_what_their_items_are_and_come_in_pages() {
        for (int i = 0; i < 3; i++) {
            String path = parcels.create("{}");
            api.mergePatch(path, "{'metadata':{'labels':{'odd':'" + i % 2 + "'}}}")
                    .expect(200);
        }

        Answer first = api.get(parcels.path + "?limit=2").expect(200);
        assertThat(first.text("/kind")).isEqualTo("ParcelList");
        assertThat(first.items())
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.path("kind").asString()).isEqualTo("Parcel"));
        Answer rest = api.get(parcels.path + "?limit=2&continue=" + Api.encode(first.text("/metadata/continue")))
                .expect(200);
        assertThat(rest.items()).hasSize(1);
        assertThat(api.get(parcels.path + "?labelSelector=" + Api.encode("odd=0"))
                        .names())
                .containsExactly("p-1", "p-3");
        api.get(parcels.path + "?fieldSelector=spec.action%3Dlocked").refused(400, "BadRequest");
    }

    @Test
    void watches_tell_of_them() throws IOException, InterruptedException {
        String version = api.get(parcels.path).resourceVersion();
        try (Watch watch = api.watch(parcels.path + "?watch=1&resourceVersion=" + version)) {
            String path = parcels.create("{}");
            api.mergePatch(path, "{'spec':{'weight':2}}").expect(200);
            api.delete(path, "{}").expect(200);

            assertThat(watch.next(3).stream().map(Watch.Event::summary))
                    .containsExactly("ADDED p-1", "MODIFIED p-1", "DELETED p-1");
        }
    }

    @Test
    void tables_have_the_columns_of_the_definition() {
        String path = parcels.create("{'weight':3}");
        api.mergePatch(path + "/status", "{'status':{'conditions':[{'type':'Ready','status':'True'}]}}")
                .expect(200);

        Answer table = api.table(parcels.path).expect(200);

        assertThat(texts(table.body().path("columnDefinitions"), "name"))
                .containsExactly("Name", "Action", "Weight", "Ready", "Age");
        assertThat(texts(table.body().path("columnDefinitions"), "type"))
                .containsExactly("string", "string", "integer", "string", "date");
        JsonNode cells = table.body().at("/rows/0/cells");
        assertThat(cells.get(1).asString()).isEqualTo("active");
        assertThat(cells.get(2).asInt()).isEqualTo(3);
        assertThat(cells.get(3).asString()).isEqualTo("True");
        assertThat(cells.get(4).asString()).endsWith("s");
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> element.path(field).asString())
                .toList();
    }

    @Test
    void unknown_fields_are_refused_said_or_ignored() {
        String odd = "{'odd':1,'parts':[{'name':'x','odd':2}]}";

        assertThat(api.post(parcels.path + "?fieldValidation=Strict", parcels.json("a", odd))
                        .refused(400, "BadRequest")
                        .message())
                .isEqualTo(
                        "Parcel in version \"v1\" cannot be handled as a Parcel: strict decoding error: unknown field"
                                + " \"spec.odd\", unknown field \"spec.parts[0].odd\"");
        assertThat(api.post(parcels.path + "?fieldValidation=Strict", parcels.json("a", "{'code':'ab','code':'cd'}"))
                        .refused(400, "BadRequest")
                        .message())
                .endsWith("duplicate field \"spec.code\"");
        assertThat(api.post(parcels.path, parcels.json("b", odd)).expect(201).warnings())
                .containsExactlyInAnyOrder(
                        "299 - \"unknown field \\\"spec.odd\\\"\"",
                        "299 - \"unknown field \\\"spec.parts[0].odd\\\"\"");
        assertThat(api.post(parcels.path + "?fieldValidation=Ignore", parcels.json("c", odd))
                        .expect(201)
                        .warnings())
                .isEmpty();
        assertThat(api.mergePatch(parcels.path + "/c?fieldValidation=Strict", "{'spec':{'odd':1}}")
                        .refused(422, "Invalid")
                        .message())
                .endsWith("strict decoding error: unknown field \"spec.odd\"");
        api.post(parcels.path + "?fieldValidation=Odd", parcels.json("d", "{}")).refused(422, "Invalid");
    }

    @Test
    void they_say_what_they_are() {
        api.post(parcels.path, parcels.json("a", "{}").replace("'Parcel'", "'Letter'"))
                .refused(422, "Invalid");
        api.post(parcels.path, parcels.json("a", "{}").replace("/v1'", "/v2'")).refused(400, "BadRequest");
        api.post(parcels.path, "{'metadata':{'name':'a'},'spec':{}}").refused(400, "BadRequest");
        api.post(parcels.path, parcels.json("A_b", "{}")).refused(422, "Invalid");
    }

    @Test
    void they_may_be_sent_as_yaml() {
        String yaml = """
                apiVersion: %s/v1
                kind: Parcel
                metadata: {name: from-yaml}
                spec:
                  code: ab
                  tags: [x]
                """.formatted(parcels.group);

        assertThat(api.postAs("application/yaml", parcels.path, yaml)
                        .expect(201)
                        .text("/spec/tags/0"))
                .isEqualTo("x");
    }

    @Test
    void what_is_too_large_is_refused() {
        String large = "{'anything':{'a':'" + "x".repeat(1_600_000) + "'}}";
        String larger = "{'anything':{'a':'" + "x".repeat(3_200_000) + "'}}";

        Answer refusal = parcels.post(large).expect(500);
        assertThat(refusal.message()).isEqualTo("etcdserver: request is too large");
        parcels.post(larger).refused(413, "RequestEntityTooLarge");
        parcels.post("{'anything':{'a':'" + "x".repeat(1_500_000) + "'}}").expect(201);
    }

    @Test
    void they_go_with_their_namespace() {
        String path = parcels.create("{}");
        api.mergePatch(path, "{'metadata':{'finalizers':['example.com/hold']}}").expect(200);
        String namespace = Api.namespacePath(parcels.namespace);
        api.delete(namespace, "{}").expect(200);

        Api.eventually(() -> assertThat(
                        api.get(path).expect(200).body().at("/metadata").has("deletionTimestamp"))
                .isTrue());
        api.get(namespace).expect(200);
        api.mergePatch(path, "{'metadata':{'finalizers':null}}").expect(200);
        Api.eventually(() -> api.get(namespace).refused(404, "NotFound"));
    }

    @Test
    void the_open_api_document_has_their_schema() {
        Answer document = api.get("/openapi/v3/apis/" + parcels.group + "/v1").expect(200);

        List<String> descriptions = StreamSupport.stream(
                        document.body().at("/components/schemas").spliterator(), false)
                .map(schema -> schema.at("/properties/spec/description").asString(""))
                .toList();
        assertThat(descriptions).contains("What is to be sent.");
    }
}
