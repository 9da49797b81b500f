package run.clawcloud.block.kubesim.crd;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.api.ObjectRules;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the objects of a custom type must be like: its schema, and the rules in it.
 *
 * @param rules null if the schema has none
 */
record CustomRules(Schema schema, RuleEngine.@Nullable Rules rules) implements ObjectRules {

    /** With one of these, rules are not asked: they might see values of other types than they were written for. */
    private static final Set<String> BLOCKING = Set.of(
            "FieldValueNotSupported",
            "FieldValueRequired",
            "FieldValueTooLong",
            "FieldValueTooMany",
            "FieldValueTypeInvalid");

    @Override
    public List<String> unknownFields(ObjectNode object) {
        return UnknownFields.find(schema, object);
    }

    @Override
    public void complete(ObjectNode object) {
        UnknownFields.remove(schema, object);
        Defaulting.apply(schema, object);
    }

    @Override
    public void checkNew(ResourceType type, ObjectNode object, FieldErrors errors) {
        check(object, null, errors);
    }

    @Override
    public void checkChange(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {
        check(after, before, errors);
    }

    private void check(JsonNode object, @Nullable JsonNode old, FieldErrors errors) {
        SchemaValidator.check(schema, object, old, errors);
        Invariants.checkEmbedded(schema, object, errors);
        if (old == null || listsAreRight(old)) {
            Invariants.checkLists(schema, object, errors);
        }
        if (rules == null) {
            return;
        }
        if (errors.has(BLOCKING)) {
            errors.invalid(
                    FieldPath.ROOT.field(),
                    "null",
                    "some validation rules were not checked because the object was invalid; correct the existing errors"
                            + " to complete validation");
        } else {
            rules.check(object, old, errors);
        }
    }

    private boolean listsAreRight(JsonNode object) {
        FieldErrors wrong = new FieldErrors();
        Invariants.checkLists(schema, object, wrong);
        return wrong.isEmpty();
    }
}
