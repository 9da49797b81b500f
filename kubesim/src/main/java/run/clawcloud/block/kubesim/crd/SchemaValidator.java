package run.clawcloud.block.kubesim.crd;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import tools.jackson.databind.JsonNode;

/**
 * Says where an object does not fit its schema, in the words of kube-openapi's validation. What an update leaves as it
 * was is not held against it (ratcheting, KEP-4008).
 */
final class SchemaValidator {

    private static final String IN_BODY = " in body ";

    private final FieldErrors errors;

    private SchemaValidator(FieldErrors errors) {
        this.errors = errors;
    }

    /**
     * Checks a value.
     *
     * @param old what it was; null when it is new
     */
    static void check(Schema schema, JsonNode value, @Nullable JsonNode old, FieldErrors errors) {
        new SchemaValidator(errors).value(schema, value, old, FieldPath.ROOT);
    }

    private void value(Schema schema, JsonNode value, @Nullable JsonNode old, FieldPath path) {
        if (value.equals(old)) {
            return;
        }
        type(schema, value, path);
        combined(schema.values(), value, path);
        if (value.isString()) {
            string(schema.values(), value, path);
        } else if (value.isNumber()) {
            number(schema.values(), value, path);
        } else if (value.isArray()) {
            array(schema, value, old, path);
        }
        allowed(schema.values(), value, path);
        if (value.isObject()) {
            object(schema, value, old, path);
        }
    }

    private void type(Schema schema, JsonNode value, FieldPath path) {
        String is = typeOf(value);
        boolean fits = switch (is) {
            case "null" -> schema.nullable() || (schema.type().isEmpty() && !schema.intOrString());
            case "integer" ->
                schema.intOrString()
                        || schema.type().equals("number")
                        || schema.type().equals(is);
            case "string" -> schema.intOrString() || schema.type().equals(is);
            default -> schema.type().equals(is);
        };
        if (!fits && (schema.intOrString() || !schema.type().isEmpty())) {
            errors.wrongType(
                    path.field(), is, path + IN_BODY + "must be of type " + schema.typeNames() + ": \"" + is + "\"");
        }
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NULL, MISSING -> "null";
            case NUMBER ->
                value.canConvertToLong()
                                && value.decimalValue().stripTrailingZeros().scale() <= 0
                        ? "integer"
                        : "number";
        };
    }

    /** The first fault only, as kube-openapi does. */
    private void string(ValueRules rules, JsonNode value, FieldPath path) {
        String text = value.asString();
        Long longest = rules.maxLength();
        Long shortest = rules.minLength();
        int length = text.codePointCount(0, text.length());
        if (longest != null && length > longest) {
            errors.tooLong(path.field(), longest);
        } else if (shortest != null && length < shortest) {
            invalid(path, value, "should be at least " + shortest + " chars long");
        } else if (rules.pattern() != null && !rules.pattern().matcher(text).find()) {
            invalid(path, value, "should match '" + rules.pattern().pattern() + "'");
        }
        if (!rules.format().isEmpty() && !Formats.fits(rules.format(), text)) {
            errors.wrongType(path.field(), text, path + IN_BODY + "must be of type " + rules.format() + ": " + value);
        }
    }

    private void number(ValueRules rules, JsonNode value, FieldPath path) {
        BigDecimal number = value.decimalValue();
        BigDecimal factor = rules.multipleOf();
        if (factor != null && factor.signum() != 0 && number.remainder(factor).signum() != 0) {
            invalid(path, value, "should be a multiple of " + factor.toPlainString());
        }
        BigDecimal most = rules.maximum();
        if (most != null && number.compareTo(most) >= (rules.exclusiveMaximum() ? 0 : 1)) {
            invalid(path, value, "should be less than " + orEqual(rules.exclusiveMaximum()) + most.toPlainString());
        }
        BigDecimal least = rules.minimum();
        if (least != null && number.compareTo(least) <= (rules.exclusiveMinimum() ? 0 : -1)) {
            invalid(path, value, "should be greater than " + orEqual(rules.exclusiveMinimum()) + least.toPlainString());
        }
    }

    private static String orEqual(boolean exclusive) {
        return exclusive ? "" : "or equal to ";
    }

    private void array(Schema schema, JsonNode array, @Nullable JsonNode old, FieldPath path) {
        Schema items = schema.items();
        if (items != null) {
            OldItems before = OldItems.of(schema, old);
            for (int i = 0; i < array.size(); i++) {
                value(items, array.get(i), before.of(array.get(i)), path.index(i));
            }
        }
        Long least = schema.values().minItems();
        Long most = schema.values().maxItems();
        if (least != null && array.size() < least) {
            errors.invalidGo(
                    path.field(),
                    Integer.toString(array.size()),
                    path + IN_BODY + "should have at least " + least + " items");
        }
        if (most != null && array.size() > most) {
            errors.tooMany(path.field(), array.size(), most);
        }
    }

    private void allowed(ValueRules rules, JsonNode value, FieldPath path) {
        if (!rules.allowed().isEmpty() && !rules.allowed().contains(value)) {
            List<String> texts = rules.allowed().stream()
                    .map(allowed -> allowed.isString() ? allowed.asString() : allowed.toString())
                    .toList();
            errors.unsupported(path.field(), value, texts);
        }
    }

    private void object(Schema schema, JsonNode object, @Nullable JsonNode old, FieldPath path) {
        ValueRules rules = schema.values();
        Long least = rules.minProperties();
        Long most = rules.maxProperties();
        if (least != null && object.size() < least) {
            errors.invalidGo(
                    path.field(),
                    Integer.toString(object.size()),
                    path + IN_BODY + "should have at least " + least + " properties");
            return;
        }
        if (most != null && object.size() > most) {
            errors.tooMany(path.field(), object.size(), most);
            return;
        }
        for (String field : rules.required()) {
            if (!object.has(field)) {
                errors.required(path.child(field).field(), "");
            }
        }
        object.properties().forEach(field -> {
            Schema below = schema.field(field.getKey());
            if (below != null) {
                value(
                        below,
                        field.getValue(),
                        old == null ? null : old.get(field.getKey()),
                        path.child(field.getKey()));
            }
        });
    }

    private void combined(ValueRules rules, JsonNode value, FieldPath path) {
        if (!rules.anyOf().isEmpty()) {
            List<FieldErrors> tried = tried(rules.anyOf(), value, path);
            if (tried.stream().noneMatch(FieldErrors::isEmpty)) {
                whole(path, "must validate at least one schema (anyOf)");
                errors.addAll(tried.getFirst());
            }
        }
        if (!rules.oneOf().isEmpty()) {
            oneOf(tried(rules.oneOf(), value, path), path);
        }
        if (!rules.allOf().isEmpty()) {
            List<FieldErrors> tried = tried(rules.allOf(), value, path);
            long failed = tried.stream().filter(e -> !e.isEmpty()).count();
            tried.forEach(errors::addAll);
            if (failed > 0) {
                boolean none = failed == tried.size();
                whole(path, "must validate all the schemas (allOf)" + (none ? ". None validated" : ""));
            }
        }
        Schema not = rules.not();
        if (not != null && tried(List.of(not), value, path).getFirst().isEmpty()) {
            whole(path, "must not validate the schema (not)");
        }
    }

    private void oneOf(List<FieldErrors> tried, FieldPath path) {
        long valid = tried.stream().filter(FieldErrors::isEmpty).count();
        if (valid == 1) {
            return;
        }
        String found = valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives";
        whole(path, "must validate one and only one schema (oneOf). " + found);
        if (valid == 0) {
            errors.addAll(tried.getFirst());
        }
    }

    private static List<FieldErrors> tried(List<Schema> schemas, JsonNode value, FieldPath path) {
        List<FieldErrors> results = new ArrayList<>();
        for (Schema schema : schemas) {
            FieldErrors result = new FieldErrors();
            new SchemaValidator(result).value(schema, value, null, path);
            results.add(result);
        }
        return results;
    }

    private void whole(FieldPath path, String detail) {
        errors.invalid(FieldPath.ROOT.field(), "", "\"" + path + "\" " + detail);
    }

    private void invalid(FieldPath path, JsonNode value, String detail) {
        errors.invalidGo(path.field(), GoValue.of(value), path + IN_BODY + detail);
    }
}
