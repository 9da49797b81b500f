package run.clawcloud.block.kubesim.crd;

import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a rule could not be evaluated, as cel-go puts it. */
final class CelFaults {

    private static final Pattern PLACE = Pattern.compile("evaluation error(?: at <input>:\\d+)?: (.*)", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("[Kk]ey '(.*)' is not present in map\\.?");
    private static final Pattern INDEX = Pattern.compile("Index out of bounds: (-?\\d+)");

    private CelFaults() {}

    static String text(CelEvaluationException e) {
        Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
        String text = place.matches() ? place.group(1) : String.valueOf(e.getMessage());
        return switch (e.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> replaced(KEY, text, "no such key: ");
            case INDEX_OUT_OF_BOUNDS -> replaced(INDEX, text, "index out of bounds: ");
            case DIVIDE_BY_ZERO -> text.contains("mod") ? "modulus by zero" : "division by zero";
            case NUMERIC_OVERFLOW -> "integer overflow";
            default -> text;
        };
    }

    private static String replaced(Pattern pattern, String text, String instead) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? instead + matcher.group(1) : text;
    }
}
