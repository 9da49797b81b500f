package run.clawcloud.block.kubesim.crd;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import tools.jackson.databind.JsonNode;

/** The rules at one place of a schema and below it, ready to be asked. */
final class CelRules {

    private final Schema schema;
    private final List<Program> programs;
    private final Map<String, CelRules> properties;
    private final @Nullable CelRules additional;
    private final @Nullable CelRules items;

    /** Whether a rule here or below is about a change. */
    private final boolean transitions;

    /**
     * A rule that is ready.
     *
     * @param message null if the message is a fixed one
     * @param usesOldSelf whether it is about a change
     */
    record Program(
            Schema.Rule rule, CelRuntime.Program test, CelRuntime.@Nullable Program message, boolean usesOldSelf) {}

    CelRules(
            Schema schema,
            List<Program> programs,
            Map<String, CelRules> properties,
            @Nullable CelRules additional,
            @Nullable CelRules items) {
        this.schema = schema;
        this.programs = programs;
        this.properties = properties;
        this.additional = additional;
        this.items = items;
        this.transitions = programs.stream().anyMatch(Program::usesOldSelf)
                || properties.values().stream().anyMatch(below -> below.transitions)
                || (additional != null && additional.transitions)
                || (items != null && items.transitions);
    }

    void check(JsonNode value, @Nullable JsonNode old, FieldErrors errors) {
        check(value, old, false, FieldPath.ROOT, errors);
    }

    /**
     * Checks a value.
     *
     * @param within whether it is part of something that is as it was: then only rules about changes are asked
     */
    private void check(JsonNode value, @Nullable JsonNode old, boolean within, FieldPath path, FieldErrors errors) {
        boolean unchanged = within || value.equals(old);
        if (value.isNull() || (unchanged && !transitions)) {
            return;
        }
        if (!programs.isEmpty()) {
            checkHere(value, old, unchanged, path, errors);
        }
        if (value.isArray() && items != null) {
            OldItems before = OldItems.of(schema, old);
            for (int i = 0; i < value.size(); i++) {
                items.check(value.get(i), before.of(value.get(i)), unchanged, path.index(i), errors);
            }
        } else if (value.isObject()) {
            value.properties().forEach(field -> {
                String name = field.getKey();
                CelRules property = properties.get(name);
                JsonNode before = old == null ? null : old.get(name);
                if (property != null) {
                    property.check(field.getValue(), before, unchanged, path.child(name), errors);
                } else if (additional != null && !schema.properties().containsKey(name)) {
                    additional.check(field.getValue(), before, unchanged, path.key(name), errors);
                }
            });
        }
    }

    private void checkHere(
            JsonNode value, @Nullable JsonNode old, boolean unchanged, FieldPath path, FieldErrors errors) {
        Object self = CelValues.of(schema, value);
        Object before = old == null || old.isNull() || !transitions ? null : CelValues.of(schema, old);
        for (Program program : programs) {
            boolean optional = program.rule().optionalOldSelf();
            boolean skipped = program.usesOldSelf() ? before == null && !optional : unchanged;
            if (!skipped) {
                Map<String, Object> variables = new HashMap<>();
                variables.put("self", self);
                if (optional) {
                    variables.put("oldSelf", Optional.ofNullable(before));
                } else if (before != null) {
                    variables.put("oldSelf", before);
                }
                ask(program, variables, path, errors);
            }
        }
    }

    private void ask(Program program, Map<String, Object> variables, FieldPath path, FieldErrors errors) {
        Schema.Rule rule = program.rule();
        try {
            if (!Boolean.TRUE.equals(program.test().eval(variables))) {
                FieldPath at = rule.fieldPath().isEmpty() ? path : RulePath.below(schema, path, rule.fieldPath());
                report(rule, at == null ? path : at, message(program, variables), errors);
            }
        } catch (CelEvaluationException e) {
            String what = rule.message().isEmpty() ? rule.rule() : rule.message();
            errors.invalid(path.field(), schema.type(), CelFaults.text(e) + " evaluating rule: " + what);
        }
    }

    private void report(Schema.Rule rule, FieldPath path, String message, FieldErrors errors) {
        switch (rule.reason()) {
            case "FieldValueForbidden" -> errors.forbidden(path.field(), message);
            case "FieldValueRequired" -> errors.required(path.field(), message);
            case "FieldValueDuplicate" -> errors.duplicate(path.field(), "\"" + schema.type() + "\"");
            default -> errors.invalid(path.field(), schema.type(), message);
        }
    }

    /** What the message expression says, or the message if it fails or says nothing that fits on a line. */
    private static String message(Program program, Map<String, Object> variables) {
        Schema.Rule rule = program.rule();
        CelRuntime.Program expression = program.message();
        if (expression != null) {
            try {
                String text = String.valueOf(expression.eval(variables)).strip();
                if (!text.isEmpty() && !text.contains("\n") && !text.contains("\r")) {
                    return text;
                }
            } catch (CelEvaluationException _) {
                // The rule has failed all the same: its plain message is what is left to say.
            }
        }
        return rule.message().isEmpty() ? "failed rule: " + rule.rule() : rule.message();
    }
}
