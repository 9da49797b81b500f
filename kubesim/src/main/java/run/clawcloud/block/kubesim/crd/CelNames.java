package run.clawcloud.block.kubesim.crd;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How rules spell the names of fields that are no identifiers of CEL:
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#available-functions
 */
final class CelNames {

    private static final Pattern SPELLABLE = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return");

    private CelNames() {}

    /** The name in a rule, null if no rule can speak of the field. */
    static @Nullable String escape(String field) {
        if (RESERVED.contains(field)) {
            return "__" + field + "__";
        }
        if (!SPELLABLE.matcher(field).matches()) {
            return null;
        }
        return field.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
