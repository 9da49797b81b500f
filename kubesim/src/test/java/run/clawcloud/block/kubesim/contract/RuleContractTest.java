package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What rules in CEL ({@code x-kubernetes-validations}) refuse, and in which words. */
final class RuleContractTest extends ContractTest {

    private final Parcels parcels;

    RuleContractTest(Api api) {
        super(api);
        parcels = new Parcels(api);
    }

    @Test
    void a_rule_of_an_object_names_its_type_and_says_its_message() {
        Answer refusal = parcels.post("{'flag':true}").refused(422, "Invalid");

        assertThat(refusal.wholeCauses())
                .containsExactly("FieldValueInvalid spec: Invalid value: \"object\": a flag needs a code");
        parcels.post("{'flag':true,'code':'ab'}").expect(201);
        parcels.post("{'flag':false}").expect(201);
    }

    @Test
    void a_rule_without_a_message_is_its_message() {
        assertThat(parcels.post("{'note':'refuse'}").refused(422, "Invalid").wholeCauses())
                .containsExactly("FieldValueInvalid spec: Invalid value: \"object\": failed rule: !has(self.note) ||"
                        + " self.note != 'refuse'");
    }

    @Test
    void a_rule_of_items_names_each_and_its_message_may_speak_of_it() {
        assertThat(parcels.post("{'streets':['elm','Oak','ash','No Where']}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly(
                        "FieldValueInvalid spec.streets[1]: Invalid value: \"string\": no street is called Oak",
                        "FieldValueInvalid spec.streets[3]: Invalid value: \"string\": no street is called No Where");
    }

    @Test
    void a_rule_may_point_at_a_field_and_give_a_reason() {
        assertThat(parcels.post("{'range':{'least':3,'most':2}}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly("FieldValueForbidden spec.range.least: Forbidden: least is over most");
    }

    @Test
    void a_rule_that_reads_what_is_not_there_says_so() {
        assertThat(parcels.post("{'range':{'least':3}}").refused(422, "Invalid").wholeCauses())
                .containsExactly(
                        "FieldValueInvalid spec.range: Invalid value: \"object\": no such key: most evaluating rule:"
                                + " least is over most");
    }

    @Test
    void a_rule_about_a_change_is_asked_when_there_is_one() {
        String path = parcels.create("{'sender':'ann'}");

        assertThat(api.mergePatch(path, "{'spec':{'sender':'bob'}}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly("FieldValueInvalid spec.sender: Invalid value: \"string\": the sender stays the same");
        api.mergePatch(path, "{'spec':{'sender':'ann','weight':2}}").expect(200);
        api.mergePatch(path, "{'spec':{'sender':null}}").expect(200);
        api.mergePatch(path, "{'spec':{'sender':'bob'}}").expect(200);
    }

    @Test
    void the_items_of_a_map_are_told_apart_by_their_keys() {
        String path = parcels.create("{'parts':[{'name':'a','size':1},{'name':'b','size':5}]}");

        api.mergePatch(path, "{'spec':{'parts':[{'name':'b','size':5},{'name':'a','size':2},{'name':'c','size':1}]}}")
                .expect(200);
        assertThat(api.mergePatch(path, "{'spec':{'parts':[{'name':'b','size':4},{'name':'a','size':2}]}}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly("FieldValueInvalid spec.parts[0]: Invalid value: \"object\": a part does not shrink");
    }

    @Test
    void status_is_held_to_its_rules_too() {
        String path = parcels.create("{}");

        assertThat(api.mergePatch(path + "/status", "{'status':{'phase':'nowhere'}}")
                        .refused(422, "Invalid")
                        .wholeCauses())
                .containsExactly("FieldValueInvalid status: Invalid value: \"object\": nowhere is no phase");
        api.mergePatch(path + "/status", "{'status':{'phase':'here'}}").expect(200);
    }
}
