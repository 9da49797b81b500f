package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CustomResourceDefinitions themselves: what they may say, and how they come and go. */
final class DefinitionContractTest extends ContractTest {

    private static final String PLAIN = "{'type':'object','properties':{'spec':{'type':'object','properties':{}}}}";

    private final String group = "definitions-" + Api.random() + ".example.com";
    private final String name = "things." + group;
    private final String path = Api.DEFINITIONS + "/" + name;

    DefinitionContractTest(Api api) {
        super(api);
    }

    @AfterEach
    void remove() {
        var _ = api.delete(path, "{}");
    }

    private String definition(String scope, String schema) {
        return "{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'" + name
                + "'},'spec':{'group':'" + group + "','scope':'" + scope
                + "','names':{'plural':'things','kind':'Thing','shortNames':['tg']},'versions':[{'name':'v1','served':true,"
                + "'storage':true,'schema':{'openAPIV3Schema':" + schema + "}}]}}";
    }

    private String thing(String named) {
        return "{'apiVersion':'" + group + "/v1','kind':'Thing','metadata':{'name':'" + named + "'}}";
    }

    @Test
    void it_is_established_and_served() {
        Answer created = api.post(Api.DEFINITIONS, definition("Cluster", PLAIN)).expect(201);
        assertThat(created.text("/spec/names/singular")).isEqualTo("thing");
        assertThat(created.text("/spec/names/listKind")).isEqualTo("ThingList");
        assertThat(created.text("/spec/conversion/strategy")).isEqualTo("None");
        assertThat(created.text("/status/storedVersions/0")).isEqualTo("v1");

        api.established(name);

        Answer established = api.get(path).expect(200);
        assertThat(established.conditions()).containsExactly("NamesAccepted=True", "Established=True");
        assertThat(established.text("/status/acceptedNames/kind")).isEqualTo("Thing");
        String things = "/apis/" + group + "/v1/things";
        api.post(things, thing("one")).expect(201);
        assertThat(api.get(things + "/one").expect(200).body().at("/metadata").has("namespace"))
                .isFalse();
        api.get(things + "/one/status").expect(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object','properties':{'a':{}}}|FieldValueRequired spec.validation.openAPIV3Schema.properties[a].type",
                "{'type':'object','properties':{'a':{'type':'odd'}}}|FieldValueNotSupported spec.validation.openAPIV3Schema.properties[a].type",
                "{'type':'object','properties':{'a':{'type':'array'}}}|FieldValueRequired spec.validation.openAPIV3Schema.properties[a].items",
                "{'properties':{'a':{'type':'string'}}}|FieldValueRequired spec.validation.openAPIV3Schema.type",
                "{'type':'object','properties':{'a':{'type':'string','default':5}}}|FieldValueTypeInvalid spec.validation.openAPIV3Schema.properties[a].default",
                "{'type':'object','properties':{'a':{'type':'string','pattern':'('}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].pattern",
                "{'type':'object','properties':{'a':{'type':'string','x-kubernetes-validations':[{'rule':'self.size() <'}]}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations[0].rule",
                "{'type':'object','properties':{'a':{'type':'string','x-kubernetes-validations':[{'rule':'self'}]}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations[0].rule",
                "{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},'x-kubernetes-validations':[{'rule':'self.c == 1'}]}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations[0].rule",
                "{'type':'object','properties':{'a':{'type':'string','x-kubernetes-validations':[{'rule':'true','messageExpression':'1'}]}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations[0].messageExpression",
                "{'type':'object','properties':{'a':{'type':'array','maxItems':9,'items':{'type':'string','maxLength':9,'x-kubernetes-validations':[{'rule':'self == oldSelf'}]}}}}|FieldValueInvalid spec.validation.openAPIV3Schema.properties[a].items.x-kubernetes-validations[0].rule",
            })
    void a_schema_that_can_not_be_is_refused(String schema, String cause) {
        assertThat(api.post(Api.DEFINITIONS, definition("Cluster", schema))
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly(cause);
    }

    @Test
    void its_name_is_that_of_the_type_and_each_version_has_a_schema() {
        String wrong = definition("Cluster", PLAIN).replace("'name':'things.", "'name':'wrong.");
        assertThat(api.post(Api.DEFINITIONS, wrong).refused(422, "Invalid").wholeCauses())
                .containsExactly("FieldValueInvalid metadata.name: Invalid value: \"wrong." + group
                        + "\": must be spec.names.plural+\".\"+spec.group");
        String bare = definition("Cluster", PLAIN).replace(",'schema':{'openAPIV3Schema':" + PLAIN + "}", "");
        assertThat(api.post(Api.DEFINITIONS, bare).refused(422, "Invalid").wholeCauses())
                .containsExactly(
                        "FieldValueRequired spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required");
        String typo = definition("Cluster", "{'type':'object','odd':1}");
        assertThat(api.post(Api.DEFINITIONS + "?fieldValidation=Strict", typo)
                        .refused(400, "BadRequest")
                        .message())
                .endsWith("unknown field \"spec.versions[0].schema.openAPIV3Schema.odd\"");
    }

    @Test
    void its_scope_stays_as_it_is_and_its_schema_may_change() {
        api.post(Api.DEFINITIONS, definition("Cluster", PLAIN)).expect(201);
        api.established(name);

        assertThat(api.mergePatch(path, "{'spec':{'scope':'Namespaced'}}")
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueInvalid spec.scope");
        api.jsonPatch(
                        path,
                        "[{'op':'add','path':'/spec/versions/0/schema/openAPIV3Schema/properties/size','value':{'type':"
                                + "'integer','default':7}}]")
                .expect(200);
        Api.eventually(() -> {
            String named = "t-" + Api.random();
            Answer created = api.post("/apis/" + group + "/v1/things", thing(named));
            assertThat(created.text("/size")).isEqualTo("7");
        });
    }

    @Test
    void names_that_are_taken_are_not_accepted() {
        String parcels = api.parcels();
        String other = definition("Namespaced", PLAIN).replace(group, parcels).replace("'tg'", "'pcl'");
        String taken = Api.DEFINITIONS + "/things." + parcels;
        api.post(Api.DEFINITIONS, other).expect(201);

        Api.eventually(() ->
                assertThat(api.get(taken).conditions()).containsExactly("NamesAccepted=False", "Established=False"));
        assertThat(api.get(taken).text("/status/conditions/0/message")).isEqualTo("\"pcl\" is already in use");
        api.delete(taken, "{}").expect(200);
        Api.eventually(() -> api.get(taken).refused(404, "NotFound"));
    }

    @Test
    void it_takes_its_objects_with_it_and_waits_for_their_finalizers() {
        api.post(Api.DEFINITIONS, definition("Cluster", PLAIN)).expect(201);
        api.established(name);
        String things = "/apis/" + group + "/v1/things";
        api.post(things, thing("free")).expect(201);
        api.post(things, thing("held")).expect(201);
        api.mergePatch(things + "/held", "{'metadata':{'finalizers':['example.com/hold']}}")
                .expect(200);

        Answer deleted = api.delete(path, "{}").expect(200);
        assertThat(deleted.body().at("/metadata/finalizers").toString())
                .isEqualTo("[\"customresourcecleanup.apiextensions.k8s.io\"]");

        Api.eventually(() -> assertThat(api.get(things).names()).containsExactly("held"));
        assertThat(api.get(path).expect(200).conditions()).contains("Terminating=True");
        api.post(things, thing("late")).refused(405, "MethodNotAllowed");

        api.mergePatch(things + "/held", "{'metadata':{'finalizers':null}}").expect(200);
        Api.eventually(() -> api.get(path).refused(404, "NotFound"));
        Api.eventually(() ->
                assertThat(api.raw("/apis/" + group + "/v1/things").code()).isEqualTo(404));
    }

    @Test
    void what_was_right_when_it_was_written_may_stay_as_it_is() {
        String loose = "{'type':'object','properties':{'spec':{'type':'object','properties':{'code':{'type':'string'},"
                + "'size':{'type':'integer'}}}}}";
        api.post(Api.DEFINITIONS, definition("Cluster", loose)).expect(201);
        api.established(name);
        String things = "/apis/" + group + "/v1/things";
        String one = thing("one").replace("}}", "},'spec':{'code':'long'}}");
        api.post(things, one).expect(201);
        String code = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/code";
        api.jsonPatch(path, "[{'op':'add','path':'" + code + "/maxLength','value':2}]")
                .expect(200);
        Api.eventually(() -> api.post(things, one.replace("'one'", "'two-" + Api.random() + "'"))
                .refused(422, "Invalid"));

        api.mergePatch(things + "/one", "{'spec':{'size':7}}").expect(200);
        assertThat(api.mergePatch(things + "/one", "{'spec':{'code':'other'}}")
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueTooLong spec.code");
    }

    @Test
    void versions_show_the_same_object() {
        String version = "{'name':'v2','served':true,'storage':false,'schema':{'openAPIV3Schema':" + PLAIN + "}}";
        String two = definition("Cluster", PLAIN).replace("]}}", "," + version + "]}}");
        api.post(Api.DEFINITIONS, two).expect(201);
        api.established(name);
        api.post("/apis/" + group + "/v1/things", thing("one")).expect(201);

        Answer other = api.get("/apis/" + group + "/v2/things/one").expect(200);
        assertThat(other.text("/apiVersion")).isEqualTo(group + "/v2");
        api.mergePatch("/apis/" + group + "/v2/things/one", "{'metadata':{'labels':{'a':'b'}}}")
                .expect(200);
        assertThat(api.get("/apis/" + group + "/v1/things")
                        .items()
                        .getFirst()
                        .at("/metadata/labels/a")
                        .asString())
                .isEqualTo("b");
        assertThat(api.get("/apis/" + group + "/v2/things")
                        .items()
                        .getFirst()
                        .path("apiVersion")
                        .asString())
                .isEqualTo(group + "/v2");
    }
}
