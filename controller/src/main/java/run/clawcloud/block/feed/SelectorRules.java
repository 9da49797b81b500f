package run.clawcloud.block.feed;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import run.clawcloud.block.feed.LabelSelector.Requirement;

/**
 * What the API's validation asks of a label selector.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set">
 *     Syntax and character set</a>
 */
final class SelectorRules {

    private static final int MAX_PREFIX = 253;
    private static final String NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private static final String DNS_LABEL = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
    private static final Pattern KEY = Pattern.compile("(?:(" + DNS_LABEL + "(?:\\." + DNS_LABEL + ")*)/)?" + NAME);
    private static final Pattern VALUE = Pattern.compile("(?:" + NAME + ")?");

    private static final String NAME_RULE =
            "up to 63 letters, digits, '-', '_' and '.', beginning and ending with a" + " letter or digit";
    private static final String KEY_RULE =
            NAME_RULE + ", and before that, if need be, a DNS subdomain of up to 253 characters and '/'";

    /** More of what is wrong would only hide what is wrong with it. */
    private static final int MAX_QUOTED = 100;

    private SelectorRules() {}

    static void check(Map<String, String> matchLabels, List<Requirement> matchExpressions)
            throws InvalidSelectorException {
        for (Map.Entry<String, String> each : matchLabels.entrySet()) {
            checkKey("matchLabels", each.getKey());
            checkValue("matchLabels[" + each.getKey() + "]", each.getValue());
        }
        for (int i = 0; i < matchExpressions.size(); i++) {
            check("matchExpressions[" + i + "]", matchExpressions.get(i));
        }
    }

    private static void check(String where, Requirement requirement) throws InvalidSelectorException {
        checkKey(where + ".key", requirement.key());
        List<String> values = requirement.values();
        if (requirement.operator().takesValues() && values.isEmpty()) {
            throw new InvalidSelectorException(
                    where + ".values must not be empty when the operator is " + requirement.operator());
        }
        if (!requirement.operator().takesValues() && !values.isEmpty()) {
            throw new InvalidSelectorException(
                    where + ".values must be empty when the operator is " + requirement.operator());
        }
        for (int i = 0; i < values.size(); i++) {
            checkValue(where + ".values[" + i + "]", values.get(i));
        }
    }

    private static void checkKey(String where, String key) throws InvalidSelectorException {
        if (!KEY.matcher(key).matches() || key.indexOf('/') > MAX_PREFIX) {
            throw new InvalidSelectorException(where + " " + quoted(key) + " is no label key: " + KEY_RULE);
        }
    }

    private static void checkValue(String where, String value) throws InvalidSelectorException {
        if (!VALUE.matcher(value).matches()) {
            throw new InvalidSelectorException(
                    where + " " + quoted(value) + " is no label value: empty, or " + NAME_RULE);
        }
    }

    static String quoted(String text) {
        return "'" + (text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text) + "'";
    }
}
