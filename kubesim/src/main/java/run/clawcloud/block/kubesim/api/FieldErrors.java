package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
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

    /** A value that is not allowed here. */
    public void forbidden(String field, String detail) {
        add("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    /** A value that is none of those allowed. */
    public void unsupported(String field, JsonNode value, List<String> allowed) {
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
