package run.clawcloud.block.kubesim.http;

import java.util.ArrayList;
import java.util.List;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.api.ObjectRules;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fieldValidation}: what is said of fields that nobody knows, or that are there twice. Only of custom resources
 * and their definitions: of built-in types every field is kept. Times that can't be read are refused whatever it is.
 */
final class FieldCheck {

    private final ResourceTypes types;

    /** What the client asked for. */
    enum Mode {
        /** Nothing is said. */
        IGNORE,
        /** A header for each. */
        WARN,
        /** The request is refused. */
        STRICT;

        /**
         * Reads the parameter; 422 if it is none of these.
         *
         * @param options the kind in that refusal
         */
        static Mode of(Exchange exchange, String options) {
            String given = exchange.query("fieldValidation");
            return switch (given == null ? "" : given) {
                case "", "Warn" -> WARN;
                case "Ignore" -> IGNORE;
                case "Strict" -> STRICT;
                default -> {
                    FieldErrors errors = new FieldErrors();
                    errors.unsupportedText(
                            "fieldValidation", String.valueOf(given), List.of("", "Ignore", "Strict", "Warn"));
                    throw ApiException.invalidOptions(options, errors);
                }
            };
        }
    }

    FieldCheck(ResourceTypes types) {
        this.types = types;
    }

    /** Of an object in the body of a request. */
    void check(Exchange exchange, Mode mode, ResourceType type, ObjectNode object) {
        MicroTimes.check(type, object);
        ObjectRules rules = types.rules(type);
        if (rules == null || mode == Mode.IGNORE) {
            return;
        }
        List<String> faults = new ArrayList<>();
        exchange.duplicateFields().forEach(field -> faults.add("duplicate field \"" + field + "\""));
        faults.addAll(unknown(rules, object));
        if (mode == Mode.WARN) {
            faults.forEach(exchange::warn);
        } else if (!faults.isEmpty()) {
            throw ApiException.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                    + type.kind() + ": strict decoding error: " + String.join(", ", faults));
        }
    }

    /** Of an object as a patch has left it. */
    void checkPatched(Exchange exchange, Mode mode, ResourceType type, ObjectNode object) {
        MicroTimes.checkPatched(type, object);
        ObjectRules rules = types.rules(type);
        if (rules == null || mode == Mode.IGNORE) {
            return;
        }
        List<String> faults = unknown(rules, object);
        if (mode == Mode.WARN) {
            faults.forEach(exchange::warn);
        } else if (!faults.isEmpty()) {
            FieldErrors errors = new FieldErrors();
            errors.invalid(
                    "patch",
                    JsonNodeFactory.instance.stringNode(object.toString()),
                    "strict decoding error: " + String.join(", ", faults));
            throw ApiException.invalidPatch(errors);
        }
    }

    private static List<String> unknown(ObjectRules rules, ObjectNode object) {
        return rules.unknownFields(object).stream()
                .map(field -> "unknown field \"" + field + "\"")
                .toList();
    }
}
