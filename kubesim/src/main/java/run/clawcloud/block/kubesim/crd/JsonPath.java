package run.clawcloud.block.kubesim.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The paths of printer columns: {@code .a.b}, {@code ['a.b']}, {@code [0]}, {@code [*]} and
 * {@code [?(@.type=="Ready")]}. What client-go understands beside these, unions and slices, is not understood.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubectl/jsonpath/">JSONPath Support</a>
 */
public final class JsonPath {

    private static final Pattern STEP = Pattern.compile("\\.(?<name>(?:\\\\.|[^.\\[\\]\\\\])+)"
            + "|\\[(?<quote>['\"])(?<key>.*?)\\k<quote>\\]"
            + "|\\[(?<index>-?\\d+)\\]"
            + "|(?<all>\\[\\*\\]|\\.\\*)"
            + "|\\[\\?\\(\\s*@(?<field>[^=!\\s]*)\\s*(?<not>[=!])=\\s*(?<value>'[^']*'|\"[^\"]*\"|[^)\\s]+)\\s*\\)\\]");

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    private interface Step {
        void from(JsonNode node, List<JsonNode> found);
    }

    /** Reads a path; null if it can't be read. */
    public static @Nullable JsonPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int end = 0;
        while (end < text.length()) {
            matcher.region(end, text.length());
            Step step = matcher.lookingAt() ? step(matcher) : null;
            if (step == null) {
                return null;
            }
            steps.add(step);
            end = matcher.end();
        }
        return new JsonPath(steps);
    }

    private static @Nullable Step step(Matcher m) {
        if (m.group("all") != null || "*".equals(m.group("name"))) {
            return (node, found) -> node.forEach(found::add);
        }
        if (m.group("index") != null) {
            int index = Integer.parseInt(m.group("index"));
            return (node, found) -> add(node.get(index < 0 ? node.size() + index : index), found);
        }
        if (m.group("value") != null) {
            return filter(m.group("field"), m.group("value"), m.group("not").equals("!"));
        }
        String name = m.group("key") == null ? m.group("name").replaceAll("\\\\(.)", "$1") : m.group("key");
        return (node, found) -> add(node.get(name), found);
    }

    private static @Nullable Step filter(String field, String value, boolean not) {
        JsonPath path = field.isEmpty() ? null : parse(field);
        if (path == null) {
            return null;
        }
        boolean quoted = value.startsWith("'") || value.startsWith("\"");
        String wanted = quoted ? value.substring(1, value.length() - 1) : value;
        return (node, found) -> node.forEach(item -> {
            JsonNode is = path.first(item);
            if (is != null && is.asString("").equals(wanted) != not) {
                found.add(item);
            }
        });
    }

    private static void add(@Nullable JsonNode node, List<JsonNode> found) {
        if (node != null) {
            found.add(node);
        }
    }

    /** The first value there, null if there is none. */
    public @Nullable JsonNode first(JsonNode object) {
        List<JsonNode> nodes = List.of(object);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            nodes.forEach(node -> step.from(node, next));
            nodes = next;
        }
        return nodes.isEmpty() ? null : nodes.getFirst();
    }
}
