package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong with an object, field by field, worded as apimachinery's {@code field.Error}. */
public final class FieldErrors {

    private final List<ObjectNode> errors = new ArrayList<>();

    private void add(String reason, String field, String text) {
        errors.add(Json.object().put("reason", reason).put("message", text).put("field", field));
    }

    /** A field that must be there is not. */
    public void required(String field, String detail) {
        add("FieldValueRequired", field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
    }

    /** A value that can't be. */
    public void invalid(String field, JsonNode value, String detail) {
        add("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    /** A value, as text, that can't be. */
    public void invalid(String field, String value, String detail) {
        add("FieldValueInvalid", field, "Invalid value: \"" + value + "\": " + detail);
    }

    /** A value, in Go's syntax, that can't be. */
    public void invalidGo(String field, String value, String detail) {
        add("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    /** A value of another type than the schema's. */
    public void wrongType(String field, String value, String detail) {
        add("FieldValueTypeInvalid", field, "Invalid value: \"" + value + "\": " + detail);
    }

    /** A text longer than that. */
    public void tooLong(String field, long longest) {
        add("FieldValueTooLong", field, "Too long: may not be more than " + longest + " bytes");
    }

    /** A list or a map of more than that. */
    public void tooMany(String field, long count, long most) {
        add(
                "FieldValueTooMany",
                field,
                "Too many: " + count + ": must have at most " + most + (most == 1 ? " item" : " items"));
    }

    /** A value, in Go's syntax, that is there already. */
    public void duplicate(String field, String value) {
        add("FieldValueDuplicate", field, "Duplicate value: " + value);
    }

    /** A value that is not allowed here. */
    public void forbidden(String field, String detail) {
        add("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    /** A text that is none of those allowed. */
    public void unsupportedText(String field, String value, List<String> allowed) {
        unsupportedGo(field, "\"" + value + "\"", allowed);
    }

    /** A value that is none of those allowed. */
    public void unsupported(String field, JsonNode value, List<String> allowed) {
        unsupportedGo(field, value.isNull() ? "\"null\"" : value.toString(), allowed);
    }

    private void unsupportedGo(String field, String value, List<String> allowed) {
        add(
                "FieldValueNotSupported",
                field,
                "Unsupported value: " + value + ": supported values: "
                        + allowed.stream().map(a -> "\"" + a + "\"").collect(Collectors.joining(", ")));
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /** Whether one of them is of a reason that is among these. */
    public boolean has(Set<String> reasons) {
        return errors.stream().anyMatch(e -> reasons.contains(e.path("reason").asString("")));
    }

    /** How many there are. */
    public int size() {
        return errors.size();
    }

    /** The same, all of one field. */
    public FieldErrors at(String field) {
        FieldErrors moved = new FieldErrors();
        errors.forEach(e -> moved.errors.add(e.deepCopy().put("field", field)));
        return moved;
    }

    /** Adds those of another check. */
    public void addAll(FieldErrors others) {
        errors.addAll(others.errors);
    }

    List<ObjectNode> causes() {
        return errors;
    }

    String message() {
        List<String> lines = errors.stream()
                .map(e -> e.path("field").asString() + ": " + e.path("message").asString())
                .toList();
        return lines.size() == 1 ? lines.getFirst() : "[" + String.join(", ", lines) + "]";
    }
}
