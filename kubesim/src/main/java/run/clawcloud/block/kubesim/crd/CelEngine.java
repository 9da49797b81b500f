package run.clawcloud.block.kubesim.crd;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules in the Common Expression Language, by cel-java, in the dialect of Kubernetes 1.32. What a rule may cost is not
 * estimated: a real server also refuses rules over lists that may be too long for them.
 */
final class CelEngine implements RuleEngine {

    private static final String SELF = "self";
    private static final String OLD_SELF = "oldSelf";

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private final CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .excludeFunctions(StandardFunction.MATCHES)
                    .build())
            .addLibraries(CelExtensions.strings(), CelExtensions.optional(), CelExtensions.sets(OPTIONS))
            .addFunctionBindings(CelLibrary.bindings())
            .build();

    /** An expression that can be compiled, and whether it speaks of what was before. */
    private record Checked(CelAbstractSyntaxTree tree, boolean usesOldSelf) {}

    @Override
    public List<Fault> check(Schema schema, boolean root) {
        CelTypes types = new CelTypes();
        CelType self = types.of(schema, root);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < schema.rules().size(); i++) {
            Schema.Rule rule = schema.rules().get(i);
            if (rule.rule().isEmpty() || self == null) {
                continue;
            }
            CelCompiler compiler = compiler(types, self, rule.optionalOldSelf());
            checkPart(
                    compiler,
                    rule.rule(),
                    i,
                    "rule",
                    SimpleType.BOOL,
                    "cel expression must evaluate to a bool",
                    faults);
            if (!rule.messageExpression().isEmpty()) {
                checkPart(
                        compiler,
                        rule.messageExpression(),
                        i,
                        "messageExpression",
                        SimpleType.STRING,
                        "messageExpression must evaluate to a string",
                        faults);
            }
        }
        return faults;
    }

    private static void checkPart(
            CelCompiler compiler,
            String expression,
            int rule,
            String part,
            CelType type,
            String otherwise,
            List<Fault> faults) {
        try {
            CelType result = compiler.compile(expression).getAst().getResultType();
            if (!result.equals(type)) {
                faults.add(new Fault(rule, part, otherwise));
            }
        } catch (CelValidationException e) {
            String what = part.equals("rule") ? "compilation failed: " : part + " compilation failed: ";
            faults.add(new Fault(rule, part, what + e.getMessage()));
        }
    }

    @Override
    public boolean usesOldSelf(Schema.Rule rule) {
        try {
            CelCompiler parser = CelCompilerFactory.standardCelCompilerBuilder()
                    .setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addLibraries(CelExtensions.optional())
                    .build();
            return usesOldSelf(parser.parse(rule.rule()).getAst());
        } catch (CelValidationException _) {
            return false;
        }
    }

    private static boolean usesOldSelf(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .anyMatch(node -> node.getKind() == CelExpr.ExprKind.Kind.IDENT
                        && node.expr().ident().name().equals(OLD_SELF));
    }

    private static CelCompiler compiler(CelTypes types, CelType self, boolean optionalOldSelf) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(types.provider())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings(), CelExtensions.optional(), CelExtensions.sets(OPTIONS))
                .addFunctionDeclarations(CelLibrary.declarations())
                .addVar(SELF, self)
                .addVar(OLD_SELF, optionalOldSelf ? OptionalType.create(self) : self)
                .build();
    }

    @Override
    public Rules compile(Schema schema) {
        CelRules rules = compile(schema, true);
        return (object, old, errors) -> rules.check(object, old, errors);
    }

    private CelRules compile(Schema schema, boolean root) {
        Map<String, CelRules> properties = new LinkedHashMap<>();
        schema.properties().forEach((name, below) -> {
            if (below.hasRules()) {
                properties.put(name, compile(below, below.embedded()));
            }
        });
        return new CelRules(
                schema, programs(schema, root), properties, part(schema.additional()), part(schema.items()));
    }

    private @Nullable CelRules part(@Nullable Schema schema) {
        return schema == null || !schema.hasRules() ? null : compile(schema, schema.embedded());
    }

    private List<CelRules.Program> programs(Schema schema, boolean root) {
        CelTypes types = new CelTypes();
        CelType self = types.of(schema, root);
        List<CelRules.Program> programs = new ArrayList<>();
        for (Schema.Rule rule : schema.rules()) {
            if (self != null && !rule.rule().isEmpty()) {
                CelCompiler compiler = compiler(types, self, rule.optionalOldSelf());
                Checked checked = checked(compiler, rule.rule());
                CelRuntime.Program message = rule.messageExpression().isEmpty()
                        ? null
                        : program(checked(compiler, rule.messageExpression()));
                programs.add(new CelRules.Program(rule, program(checked), message, checked.usesOldSelf()));
            }
        }
        return programs;
    }

    private static Checked checked(CelCompiler compiler, String expression) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
            return new Checked(tree, usesOldSelf(tree));
        } catch (CelValidationException e) {
            throw new IllegalStateException("a rule that was accepted can't be compiled: " + expression, e);
        }
    }

    private CelRuntime.Program program(Checked checked) {
        try {
            return runtime.createProgram(checked.tree());
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("a rule that was accepted can't be made ready", e);
        }
    }
}
