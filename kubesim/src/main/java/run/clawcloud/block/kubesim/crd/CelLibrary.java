package run.clawcloud.block.kubesim.crd;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/**
 * The functions that Kubernetes adds to CEL for lists and regular expressions, and {@code matches}, which here compiles
 * an expression once and not for every item of a list. What it adds for URLs, IP addresses, CIDRs, quantities and
 * formats is not here: a rule that calls one of those can't be compiled.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/cel/">Common Expression Language in Kubernetes</a>
 */
final class CelLibrary {

    private static final int PATTERNS = 1000;
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private static final TypeParamType T = TypeParamType.create("T");
    private static final ListType LIST = ListType.create(T);

    private CelLibrary() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(
                CelFunctionDecl.newFunctionDeclaration(
                        "isSorted", CelOverloadDecl.newMemberOverload("list_is_sorted", SimpleType.BOOL, LIST)),
                CelFunctionDecl.newFunctionDeclaration(
                        "sum",
                        CelOverloadDecl.newMemberOverload(
                                "list_int_sum", SimpleType.INT, ListType.create(SimpleType.INT)),
                        CelOverloadDecl.newMemberOverload(
                                "list_double_sum", SimpleType.DOUBLE, ListType.create(SimpleType.DOUBLE))),
                CelFunctionDecl.newFunctionDeclaration("min", CelOverloadDecl.newMemberOverload("list_min", T, LIST)),
                CelFunctionDecl.newFunctionDeclaration("max", CelOverloadDecl.newMemberOverload("list_max", T, LIST)),
                CelFunctionDecl.newFunctionDeclaration(
                        "indexOf", CelOverloadDecl.newMemberOverload("list_index_of", SimpleType.INT, LIST, T)),
                CelFunctionDecl.newFunctionDeclaration(
                        "lastIndexOf",
                        CelOverloadDecl.newMemberOverload("list_last_index_of", SimpleType.INT, LIST, T)),
                CelFunctionDecl.newFunctionDeclaration(
                        "find",
                        CelOverloadDecl.newMemberOverload(
                                "string_find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)),
                CelFunctionDecl.newFunctionDeclaration(
                        "findAll",
                        CelOverloadDecl.newMemberOverload(
                                "string_find_all",
                                ListType.create(SimpleType.STRING),
                                SimpleType.STRING,
                                SimpleType.STRING)));
    }

    static List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> all = new ArrayList<>();
        all.addAll(CelFunctionBinding.fromOverloads(
                "matches",
                CelFunctionBinding.from("matches", String.class, String.class, CelLibrary::matches),
                CelFunctionBinding.from("matches_string", String.class, String.class, CelLibrary::matches)));
        all.add(CelFunctionBinding.from("list_is_sorted", List.class, CelLibrary::isSorted));
        all.add(CelFunctionBinding.from("list_int_sum", List.class, CelLibrary::sumOfInts));
        all.add(CelFunctionBinding.from("list_double_sum", List.class, CelLibrary::sumOfDoubles));
        all.add(CelFunctionBinding.from(
                "list_min", List.class, list -> extreme(list, "min", (a, b) -> compare(a, b) <= 0 ? a : b)));
        all.add(CelFunctionBinding.from(
                "list_max", List.class, list -> extreme(list, "max", (a, b) -> compare(a, b) >= 0 ? a : b)));
        all.add(CelFunctionBinding.from(
                "list_index_of", List.class, Object.class, (list, item) -> (long) list.indexOf(item)));
        all.add(CelFunctionBinding.from(
                "list_last_index_of", List.class, Object.class, (list, item) -> (long) list.lastIndexOf(item)));
        all.add(CelFunctionBinding.from("string_find", String.class, String.class, CelLibrary::find));
        all.add(CelFunctionBinding.from("string_find_all", String.class, String.class, CelLibrary::findAll));
        return all;
    }

    private static boolean matches(String text, String expression) {
        return compiled(expression).matcher(text).find();
    }

    private static Pattern compiled(String expression) {
        Pattern pattern = COMPILED.get(expression);
        if (pattern == null) {
            try {
                pattern = Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("error parsing regexp: " + e.getMessage(), e);
            }
            // Expressions that are computed from the object could fill the memory.
            if (COMPILED.size() < PATTERNS) {
                COMPILED.put(expression, pattern);
            }
        }
        return pattern;
    }

    private static String find(String text, String expression) {
        Matcher matcher = compiled(expression).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String expression) {
        List<String> found = new ArrayList<>();
        Matcher matcher = compiled(expression).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static long sumOfInts(List<?> list) {
        long sum = 0;
        for (Object item : list) {
            sum = Math.addExact(sum, ((Number) item).longValue());
        }
        return sum;
    }

    private static double sumOfDoubles(List<?> list) {
        return list.stream().mapToDouble(item -> ((Number) item).doubleValue()).sum();
    }

    private static Object extreme(List<?> list, String function, BinaryOperator<Object> better) {
        return list.stream()
                .map(Object.class::cast)
                .reduce(better)
                .orElseThrow(() -> new IllegalArgumentException(function + " called on empty list"));
    }

    /** Of values that CEL has found to be of one type which has an order. */
    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }
}
