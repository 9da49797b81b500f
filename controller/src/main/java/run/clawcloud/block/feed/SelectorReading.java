package run.clawcloud.block.feed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.LabelSelector.Operator;
import run.clawcloud.block.feed.LabelSelector.Requirement;
import run.clawcloud.block.kube.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a label selector from JSON. Whatever is wrong with it, it is read to its end; what is wrong first is told then.
 * A field that is unknown or of another type is wrong, too: to pass over it would select more than was meant.
 */
final class SelectorReading {

    private final Map<String, String> matchLabels = new LinkedHashMap<>();
    private final List<Requirement> matchExpressions = new ArrayList<>();
    private @Nullable String fault;

    private SelectorReading() {}

    static LabelSelector read(JsonParser parser) throws InvalidSelectorException {
        SelectorReading reading = new SelectorReading();
        if (reading.is(JsonToken.START_OBJECT, "the selector", "an object", parser)) {
            Json.fields(parser, reading::field);
        }
        String fault = reading.fault;
        if (fault != null) {
            throw new InvalidSelectorException(fault);
        }
        return LabelSelector.of(reading.matchLabels, reading.matchExpressions);
    }

    private void field(String field, JsonParser value) {
        boolean absent = value.currentToken() == JsonToken.VALUE_NULL;
        switch (field) {
            case "matchLabels" -> {
                if (!absent && is(JsonToken.START_OBJECT, field, "an object", value)) {
                    Json.fields(value, this::label);
                }
            }
            case "matchExpressions" -> {
                if (!absent && is(JsonToken.START_ARRAY, field, "an array", value)) {
                    Json.elements(value, () -> expression(value));
                }
            }
            default -> unknown("", field, "matchLabels or matchExpressions", value);
        }
    }

    private void label(String key, JsonParser value) {
        if (is(JsonToken.VALUE_STRING, "matchLabels[" + key + "]", "a string", value)) {
            matchLabels.put(key, value.getString());
        }
    }

    private void expression(JsonParser value) {
        String where = "matchExpressions[" + matchExpressions.size() + "]";
        if (!is(JsonToken.START_OBJECT, where, "an object", value)) {
            return;
        }
        String[] texts = {"", ""};
        List<String> values = new ArrayList<>();
        Json.fields(value, (field, each) -> {
            switch (field) {
                case "key" -> texts[0] = string(where + ".key", each);
                case "operator" -> texts[1] = string(where + ".operator", each);
                case "values" -> values(where + ".values", each, values);
                default -> unknown(where + ".", field, "key, operator or values", each);
            }
        });
        Operator operator = Operator.of(texts[1]);
        if (operator == null) {
            fault(where + ".operator " + SelectorRules.quoted(texts[1]) + " must be In, NotIn, Exists or DoesNotExist");
        }
        matchExpressions.add(new Requirement(texts[0], operator == null ? Operator.EXISTS : operator, values));
    }

    private void values(String where, JsonParser value, List<String> values) {
        if (value.currentToken() != JsonToken.VALUE_NULL && is(JsonToken.START_ARRAY, where, "an array", value)) {
            Json.elements(value, () -> values.add(string(where + "[" + values.size() + "]", value)));
        }
    }

    private String string(String where, JsonParser value) {
        return is(JsonToken.VALUE_STRING, where, "a string", value) ? value.getString() : "";
    }

    private void unknown(String within, String field, String known, JsonParser value) {
        fault(within + SelectorRules.quoted(field) + " is unknown: it must be " + known);
        value.skipChildren();
    }

    /** Whether the value is what it must be; anything else is skipped. */
    private boolean is(JsonToken token, String what, String kind, JsonParser value) {
        if (value.currentToken() == token) {
            return true;
        }
        fault(what + " must be " + kind);
        value.skipChildren();
        return false;
    }

    private void fault(String message) {
        if (fault == null) {
            fault = message;
        }
    }
}
