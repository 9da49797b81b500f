package run.clawcloud.block.deploy;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A ValidatingAdmissionPolicy with the fields that ours have. An expression that fails is an error here, not a refusal:
 * none may fail, a variable neither, whether it is used or not.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/">Validating
 *     Admission Policy</a>
 */
final class Policy {

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings(), CelExtensions.optional())
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .addVar("namespaceObject", SimpleType.DYN)
            .addVar("variables", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelExtensions.strings(), CelExtensions.optional())
            .build();

    private record Validation(CelRuntime.Program allows, CelRuntime.Program message) {}

    private final JsonNode constraints;
    private final Map<String, CelRuntime.Program> conditions;
    private final Map<String, CelRuntime.Program> variables;
    private final List<Validation> validations;

    /** @param policy the object */
    Policy(JsonNode policy) {
        JsonNode spec = policy.path("spec");
        constraints = spec.path("matchConstraints");
        conditions = named(spec.path("matchConditions"));
        variables = named(spec.path("variables"));
        validations = StreamSupport.stream(spec.path("validations").spliterator(), false)
                .map(each -> new Validation(
                        program(each.path("expression").asString()),
                        program(each.path("messageExpression").asString())))
                .toList();
    }

    private static Map<String, CelRuntime.Program> named(JsonNode expressions) {
        Map<String, CelRuntime.Program> programs = new LinkedHashMap<>();
        expressions.forEach(each -> programs.put(
                each.path("name").asString(), program(each.path("expression").asString())));
        return programs;
    }

    private static CelRuntime.Program program(String expression) {
        try {
            return RUNTIME.createProgram(COMPILER.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new AssertionError(expression, e);
        }
    }

    /** What it says when it refuses that; empty when it does not. */
    Optional<String> refusal(Admission admission) {
        if (!concerns(admission)) {
            return Optional.empty();
        }
        Map<String, Object> known = new HashMap<>();
        known.put("object", admission.object());
        known.put("oldObject", admission.before() == null ? NullValue.NULL_VALUE : admission.before());
        known.put("request", admission.request());
        known.put("namespaceObject", admission.namespace());
        if (!conditions.values().stream().allMatch(condition -> holds(condition, known))) {
            return Optional.empty();
        }
        Map<String, Object> values = new HashMap<>();
        known.put("variables", values);
        variables.forEach((name, variable) -> values.put(name, value(variable, known)));
        return validations.stream()
                .filter(validation -> !holds(validation.allows(), known))
                .findFirst()
                .map(validation -> (String) value(validation.message(), known));
    }

    private boolean concerns(Admission admission) {
        return matches(constraints.path("namespaceSelector"), Plain.labels(admission.namespace()))
                && StreamSupport.stream(constraints.path("resourceRules").spliterator(), false)
                        .anyMatch(rule -> has(rule, "apiGroups", admission.group())
                                && has(rule, "operations", admission.operation())
                                && has(
                                        rule,
                                        "resources",
                                        admission.resource()
                                                + (admission.subresource().isEmpty()
                                                        ? ""
                                                        : "/" + admission.subresource())));
    }

    private static boolean matches(JsonNode selector, Map<String, String> labels) {
        return selector.path("matchLabels").properties().stream()
                        .allMatch(label -> label.getValue().asString().equals(labels.get(label.getKey())))
                && StreamSupport.stream(selector.path("matchExpressions").spliterator(), false)
                        .allMatch(expression -> {
                            if (!expression.path("operator").asString().equals("NotIn")) {
                                throw new AssertionError("an operator that is not known here: " + expression);
                            }
                            String value = labels.get(expression.path("key").asString());
                            return value == null || !has(expression, "values", value);
                        });
    }

    private static boolean has(JsonNode object, String list, String value) {
        return StreamSupport.stream(object.path(list).spliterator(), false)
                .anyMatch(each -> each.asString().equals(value));
    }

    private static boolean holds(CelRuntime.Program program, Map<String, Object> known) {
        return (boolean) value(program, known);
    }

    private static Object value(CelRuntime.Program program, Map<String, Object> known) {
        try {
            return program.eval(known);
        } catch (CelEvaluationException e) {
            throw new AssertionError(known.toString(), e);
        }
    }
}
