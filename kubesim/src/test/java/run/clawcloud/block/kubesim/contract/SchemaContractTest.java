package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a schema's demands are put to a client: each fault is a cause with its field. */
final class SchemaContractTest extends ContractTest {

    /** What stands behind the faults that keep rules from being asked. */
    private static final String UNCHECKED =
            "FieldValueInvalid <nil>: Invalid value: \"null\": some validation rules were"
                    + " not checked because the object was invalid; correct the existing errors to complete validation";

    private final Parcels parcels;

    SchemaContractTest(Api api) {
        super(api);
        parcels = new Parcels(api);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'code':'a'}|FieldValueInvalid spec.code: Invalid value: 'a': spec.code in body should be at least 2 chars long",
                "{'code':'A1'}|FieldValueInvalid spec.code: Invalid value: 'A1': spec.code in body should match '^[a-z]+$'",
                "{'weight':0}|FieldValueInvalid spec.weight: Invalid value: 0: spec.weight in body should be greater than or equal to 1",
                "{'weight':11}|FieldValueInvalid spec.weight: Invalid value: 11: spec.weight in body should be less than or equal to 10",
                "{'ratio':0.7}|FieldValueInvalid spec.ratio: Invalid value: 0.7: spec.ratio in body should be a multiple of 0.5",
                "{'ratio':-0.5}|FieldValueInvalid spec.ratio: Invalid value: -0.5: spec.ratio in body should be greater than 0",
                "{'tags':[]}|FieldValueInvalid spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items",
                "{'tags':['a','b','a']}|FieldValueDuplicate spec.tags[2]: Duplicate value: 'a'",
                "{'parts':[{'name':'a'},{'name':'b'},{'name':'a'}]}|FieldValueDuplicate spec.parts[2]: Duplicate value: map[string]interface {}{'name':'a'}",
                "{'labels':{}}|FieldValueInvalid spec.labels: Invalid value: 0: spec.labels in body should have at least 1 properties",
            })
    void a_fault_is_a_cause(String spec, String cause) {
        Answer refusal = parcels.post(spec).refused(422, "Invalid");

        assertThat(refusal.wholeCauses()).containsExactly(quoted(cause));
        assertThat(refusal.text("/details/group")).isEqualTo(parcels.group);
        assertThat(refusal.text("/details/kind")).isEqualTo("Parcel");
        assertThat(refusal.message())
                .isEqualTo("Parcel." + parcels.group + " \"" + refusal.text("/details/name") + "\" is invalid: "
                        + quoted(cause).substring(cause.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'action':'odd'}|FieldValueNotSupported spec.action: Unsupported value: 'odd': supported values: 'locked', 'active'",
                "{'code':'abcdef'}|FieldValueTooLong spec.code: Too long: may not be more than 5 bytes",
                "{'weight':'5'}|FieldValueTypeInvalid spec.weight: Invalid value: 'string': spec.weight in body must be of type integer: 'string'",
                "{'weight':1.5}|FieldValueTypeInvalid spec.weight: Invalid value: 'number': spec.weight in body must be of type integer: 'number'",
                "{'distance':92233720368547758079}|FieldValueTypeInvalid spec.distance: Invalid value: 'number': spec.distance in body must be of type integer: 'number'",
                "{'flag':'true'}|FieldValueTypeInvalid spec.flag: Invalid value: 'string': spec.flag in body must be of type boolean: 'string'",
                "{'posted':'now'}|FieldValueTypeInvalid spec.posted: Invalid value: 'now': spec.posted in body must be of type date-time: 'now'",
                "{'door':1.5}|FieldValueTypeInvalid spec.door: Invalid value: 'number': spec.door in body must be of type integer,string: 'number'",
                "{'tags':'a'}|FieldValueTypeInvalid spec.tags: Invalid value: 'string': spec.tags in body must be of type array: 'string'",
                "{'tags':['a',null]}|FieldValueTypeInvalid spec.tags[1]: Invalid value: 'null': spec.tags[1] in body must be of type string: 'null'",
                "{'tags':['a','b','c','d']}|FieldValueTooMany spec.tags: Too many: 4: must have at most 3 items",
                "{'labels':{'a':'1','b':'2','c':'3'}}|FieldValueTooMany spec.labels: Too many: 3: must have at most 2 items",
                "{'labels':{'b.c/d':5}}|FieldValueTypeInvalid spec.labels.b.c/d: Invalid value: 'integer': spec.labels.b.c/d in body must be of type string: 'integer'",
                "{'parts':[{'size':1}]}|FieldValueRequired spec.parts[0].name: Required value",
                "{'anything':{'known':5}}|FieldValueTypeInvalid spec.anything.known: Invalid value: 'integer': spec.anything.known in body must be of type string: 'integer'",
                "5|FieldValueTypeInvalid spec: Invalid value: 'integer': spec in body must be of type object: 'integer'",
                "null|FieldValueRequired spec: Required value",
            })
    void a_fault_that_keeps_rules_from_being_asked_is_said_to_do_so(String spec, String cause) {
        assertThat(parcels.post(spec).refused(422, "Invalid").wholeCauses()).containsExactly(quoted(cause), UNCHECKED);
    }

    private static String quoted(String text) {
        return text.replaceAll("'(?!\\^|$)([^']*?)'(?!$)|'([^'^]*)'$", "\"$1$2\"");
    }

    @Test
    void one_of_names_the_whole_value() {
        assertThat(parcels.post("{'either':{'a':'1','b':'2'}}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly(
                        "FieldValueInvalid <nil>: Invalid value: \"\": \"spec.either\" must validate one and only one"
                                + " schema (oneOf). Found 2 valid alternatives");
    }

    @Test
    void all_faults_are_said_at_once() {
        assertThat(parcels.post("{'code':'a','weight':0}")
                        .refused(422, "Invalid")
                        .causes())
                .containsExactlyInAnyOrder("FieldValueInvalid spec.code", "FieldValueInvalid spec.weight");
    }

    @Test
    void an_embedded_object_says_what_it_is() {
        assertThat(parcels.post("{'inside':{'a':1}}").refused(422, "Invalid").causes())
                .contains("FieldValueRequired spec.inside.apiVersion", "FieldValueRequired spec.inside.kind");
        parcels.post("{'inside':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'x'}}}")
                .expect(201);
    }

    @Test
    void what_is_unknown_is_taken_away_but_where_it_is_preserved() {
        Answer created = parcels.post(
                        "{'odd':1,'anything':{'odd':{'deep':2},'known':'k'},'parts':[{'name':'a','odd':3}]}")
                .expect(201);

        assertThat(created.body().at("/spec").has("odd")).isFalse();
        assertThat(created.body().at("/spec/anything/odd/deep").asInt()).isEqualTo(2);
        assertThat(created.body().at("/spec/parts/0").has("odd")).isFalse();
    }

    @Test
    void what_is_absent_or_null_gets_its_default() {
        Answer created = parcels.post("{'action':null,'code':null,'note':null,'parts':[{'name':'a'}]}")
                .expect(201);

        assertThat(created.text("/spec/action")).isEqualTo("active");
        assertThat(created.body().at("/spec").has("code")).isFalse();
        assertThat(created.body().at("/spec/note").isNull()).isTrue();
        assertThat(created.body().at("/spec/parts/0/size").asInt()).isEqualTo(1);
    }

    @Test
    void a_whole_number_may_have_a_point_and_an_int_or_string_may_be_both() {
        assertThat(parcels.post("{'weight':5.0,'door':7}").expect(201).text("/spec/weight"))
                .isEqualTo("5");
        assertThat(parcels.post("{'door':'7b'}").expect(201).text("/spec/door")).isEqualTo("7b");
    }

    @Test
    void an_update_is_refused_as_a_creation_is() {
        String path = parcels.create("{'code':'ab'}");

        assertThat(api.mergePatch(path, "{'spec':{'code':'A1'}}")
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueInvalid spec.code");
        assertThat(api.get(path).text("/spec/code")).isEqualTo("ab");
    }
}
