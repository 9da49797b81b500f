package run.clawcloud.block.kubesim.crd;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import tools.jackson.databind.JsonNode;

/** Says what is wrong with the schema of a definition: it must be structural, and its rules must be CEL. */
final class SchemaCheck {

    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> UNSUPPORTED =
            List.of("$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id", "$schema");

    /** What a schema within allOf, anyOf, oneOf or not can't say. */
    private static final List<String> NOT_NESTED =
            List.of("type", "description", "default", "title", "nullable", "additionalProperties");

    private static final String RULES = "x-kubernetes-validations";

    private final FieldErrors errors;
    private final Supplier<RuleEngine> engine;

    SchemaCheck(Supplier<RuleEngine> engine, FieldErrors errors) {
        this.engine = engine;
        this.errors = errors;
    }

    /** Checks a whole {@code openAPIV3Schema}. */
    void check(JsonNode schema, FieldPath path) {
        int before = errors.size();
        if (schema.path("nullable").asBoolean(false)) {
            errors.forbidden(path.child("nullable").field(), "nullable cannot be true at the root");
        }
        structure(schema, path, "root");
        lists(schema, path);
        if (errors.size() == before) {
            rules(schema, path, null, true);
        }
    }

    /** @param of what it is the schema of, as messages put it */
    private void structure(JsonNode json, FieldPath path, String of) {
        type(json, path, of);
        UNSUPPORTED.stream()
                .filter(json::has)
                .forEach(field -> errors.forbidden(path.child(field).field(), field + " is not supported"));
        if (json.path("uniqueItems").asBoolean(false)) {
            errors.forbidden(
                    path.child("uniqueItems").field(),
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        pattern(json, path);
        if (json.has("default")) {
            defaultValue(json, path.child("default"));
        }
        for (String list : List.of("allOf", "anyOf", "oneOf")) {
            for (int i = 0; i < json.path(list).size(); i++) {
                nested(json.path(list).get(i), path.child(list).index(i));
            }
        }
        if (json.has("not")) {
            nested(json.path("not"), path.child("not"));
        }
        json.path("properties")
                .properties()
                .forEach(field -> structure(
                        field.getValue(), path.child("properties").key(field.getKey()), "specified object fields"));
        if (json.path("additionalProperties").isObject()) {
            structure(json.path("additionalProperties"), path.child("additionalProperties"), "specified object fields");
        }
        if (json.path("items").isObject()) {
            structure(json.path("items"), path.child("items"), "specified array items");
        }
    }

    private void type(JsonNode json, FieldPath path, String of) {
        String type = json.path("type").asString("");
        boolean open = json.path("x-kubernetes-int-or-string").asBoolean(false)
                || json.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
        FieldPath at = path.child("type");
        if (of.equals("root")) {
            if (type.isEmpty()) {
                errors.required(at.field(), "must not be empty at the root");
            } else if (!type.equals("object")) {
                errors.invalid(at.field(), type, "must be object at the root");
            }
        } else if (type.isEmpty() && !open) {
            errors.required(at.field(), "must not be empty for " + of);
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            errors.unsupported(at.field(), json.path("type"), TYPES);
        }
        if (type.equals("array") && !json.path("items").isObject()) {
            errors.required(path.child("items").field(), "must be specified");
        }
        if (json.path("additionalProperties").isObject()
                && !json.path("properties").isEmpty()) {
            errors.forbidden(
                    path.child("additionalProperties").field(),
                    "additionalProperties and properties are mutual exclusive");
        }
    }

    private void pattern(JsonNode json, FieldPath path) {
        String pattern = json.path("pattern").asString("");
        try {
            Pattern _ = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            errors.invalid(
                    path.child("pattern").field(),
                    pattern,
                    "must be a valid regular expression, but isn't: " + e.getMessage());
        }
    }

    private void defaultValue(JsonNode json, FieldPath path) {
        FieldErrors wrong = new FieldErrors();
        SchemaValidator.check(Schema.of(json), json.path("default"), null, wrong);
        errors.addAll(wrong.at(path.field()));
    }

    private void nested(JsonNode json, FieldPath path) {
        NOT_NESTED.stream()
                .filter(json::has)
                .forEach(field -> errors.forbidden(path.child(field).field(), "must be empty to be structural"));
        pattern(json, path);
        json.path("properties")
                .properties()
                .forEach(field ->
                        nested(field.getValue(), path.child("properties").key(field.getKey())));
    }

    private void lists(JsonNode json, FieldPath path) {
        String listType = json.path("x-kubernetes-list-type").asString("");
        if (!listType.isEmpty() && !json.path("type").asString("").equals("array")) {
            errors.invalid(
                    path.child("type").field(),
                    json.path("type").asString(""),
                    "must be array if x-kubernetes-list-type is specified");
        }
        if (!listType.isEmpty() && !List.of("atomic", "set", "map").contains(listType)) {
            errors.unsupported(
                    path.child("x-kubernetes-list-type").field(),
                    json.path("x-kubernetes-list-type"),
                    List.of("atomic", "set", "map"));
        }
        if (listType.equals("map")) {
            mapKeys(json, path);
        }
        json.path("properties")
                .properties()
                .forEach(field ->
                        lists(field.getValue(), path.child("properties").key(field.getKey())));
        for (String below : List.of("additionalProperties", "items")) {
            if (json.path(below).isObject()) {
                lists(json.path(below), path.child(below));
            }
        }
    }

    private void mapKeys(JsonNode json, FieldPath path) {
        JsonNode keys = json.path("x-kubernetes-list-map-keys");
        JsonNode items = json.path("items");
        if (keys.isEmpty()) {
            errors.required(
                    path.child("x-kubernetes-list-map-keys").field(),
                    "must not be empty if x-kubernetes-list-type is map");
        }
        if (!items.path("type").asString("").equals("object")) {
            errors.invalid(
                    path.child("items").child("type").field(),
                    items.path("type").asString(""),
                    "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        Set<String> required = new HashSet<>();
        items.path("required").forEach(field -> required.add(field.asString("")));
        for (JsonNode key : keys) {
            String name = key.asString("");
            JsonNode property = items.path("properties").path(name);
            if (property.isMissingNode()) {
                errors.invalidGo(
                        path.child("x-kubernetes-list-map-keys").field(),
                        keys.toString(),
                        "entries must all be names of item properties");
            } else if (!required.contains(name) && !property.has("default")) {
                errors.required(
                        path.child("items")
                                .child("properties")
                                .key(name)
                                .child("default")
                                .field(),
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                + " property");
            }
        }
    }

    /** @param uncorrelatable the place from which on nobody knows what was before, null if it is known */
    private void rules(JsonNode json, FieldPath path, @Nullable FieldPath uncorrelatable, boolean root) {
        Schema schema = Schema.of(json);
        if (!schema.hasRules()) {
            return;
        }
        json.path("properties")
                .properties()
                .forEach(field -> rules(
                        field.getValue(),
                        path.child("properties").key(field.getKey()),
                        json.path("x-kubernetes-map-type").asString("").equals("atomic") && uncorrelatable == null
                                ? path
                                : uncorrelatable,
                        false));
        if (json.path("additionalProperties").isObject()) {
            rules(json.path("additionalProperties"), path.child("additionalProperties"), uncorrelatable, false);
        }
        if (json.path("items").isObject()) {
            boolean known = schema.listType().equals("map") || uncorrelatable != null;
            rules(json.path("items"), path.child("items"), known ? uncorrelatable : path, false);
        }
        if (!schema.rules().isEmpty()) {
            rulesHere(json, schema, path.child(RULES), uncorrelatable, root);
        }
    }

    private void rulesHere(
            JsonNode json, Schema schema, FieldPath path, @Nullable FieldPath uncorrelatable, boolean root) {
        for (int i = 0; i < schema.rules().size(); i++) {
            Schema.Rule rule = schema.rules().get(i);
            if (rule.rule().isEmpty()) {
                errors.required(path.index(i).child("rule").field(), "rule is not specified");
            } else if (rule.rule().contains("\n") && rule.message().isEmpty()) {
                errors.required(
                        path.index(i).child("message").field(),
                        "message must be specified if rule contains line breaks");
            }
            if (!rule.fieldPath().isEmpty() && RulePath.below(schema, FieldPath.ROOT, rule.fieldPath()) == null) {
                errors.invalid(
                        path.index(i).child("fieldPath").field(), rule.fieldPath(), "fieldPath must be a valid path");
            }
            reason(rule, path.index(i).child("reason"));
        }
        for (RuleEngine.Fault fault : engine.get().check(schema, root)) {
            errors.invalidGo(
                    path.index(fault.rule()).child(fault.part()).field(),
                    inGo(json.path(RULES).get(fault.rule())),
                    fault.detail());
        }
        for (int i = 0; i < schema.rules().size(); i++) {
            Schema.Rule rule = schema.rules().get(i);
            boolean about = engine.get().usesOldSelf(rule);
            if (about && uncorrelatable != null) {
                errors.invalid(
                        path.index(i).child("rule").field(),
                        rule.rule(),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelatable);
            } else if (!about && rule.optionalOldSelf()) {
                errors.invalidGo(
                        path.index(i).child("optionalOldSelf").field(),
                        "true",
                        "may not be set if oldSelf is not used in rule");
            }
        }
    }

    private void reason(Schema.Rule rule, FieldPath path) {
        List<String> reasons =
                List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
        if (!reasons.contains(rule.reason())) {
            errors.unsupportedText(path.field(), rule.reason(), reasons);
        }
    }

    /** As Go prints it. Pointers that are set stand there without their address. */
    private static String inGo(JsonNode rule) {
        String reason = rule.has("reason") ? "" : "(*apiextensions.FieldValueErrorReason)(nil)";
        String optional = rule.has("optionalOldSelf") ? "" : "(*bool)(nil)";
        return "apiextensions.ValidationRule{Rule:" + quoted(rule, "rule") + ", Message:" + quoted(rule, "message")
                + ", MessageExpression:" + quoted(rule, "messageExpression") + ", Reason:" + reason + ", FieldPath:"
                + quoted(rule, "fieldPath") + ", OptionalOldSelf:" + optional + "}";
    }

    private static String quoted(JsonNode rule, String field) {
        return rule.has(field) ? rule.get(field).toString() : "\"\"";
    }
}
