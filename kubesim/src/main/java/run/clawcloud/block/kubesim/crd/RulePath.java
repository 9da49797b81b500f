package run.clawcloud.block.kubesim.crd;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code fieldPath} of a rule: {@code .a.b['c']}, below the rule's place. */
final class RulePath {

    private static final Pattern STEP = Pattern.compile("\\.(?<name>[^.\\[\\]]+)|\\['(?<key>(?:[^'\\\\]|\\\\.)*)'\\]");

    private RulePath() {}

    /** The place it names, null if the schema has no such place. */
    static @Nullable FieldPath below(Schema schema, FieldPath path, String text) {
        Schema at = schema;
        FieldPath place = path;
        Matcher steps = STEP.matcher(text);
        int end = 0;
        while (end < text.length()) {
            steps.region(end, text.length());
            if (!steps.lookingAt()) {
                return null;
            }
            String name =
                    steps.group("name") == null ? steps.group("key").replaceAll("\\\\(.)", "$1") : steps.group("name");
            Schema next = at.properties().get(name);
            if (next == null && at.properties().isEmpty() && at.additional() != null) {
                next = at.additional();
                place = place.key(name);
            } else {
                place = place.child(name);
            }
            if (next == null) {
                return null;
            }
            at = next;
            end = steps.end();
        }
        return place;
    }
}
