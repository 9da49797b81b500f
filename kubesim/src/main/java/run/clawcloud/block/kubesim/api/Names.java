package run.clawcloud.block.kubesim.api;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;

/** What names, labels and finalizers may look like: k8s.io/apimachinery's {@code util/validation}, texts included. */
public final class Names {

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_SUBDOMAIN = 253;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SERVICE = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

    private static final String LABEL_TEXT =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters"
                    + " or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used"
                    + " for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String SERVICE_TEXT =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
                    + " start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',"
                    + " regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private static final String SUBDOMAIN_TEXT =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                    + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
                    + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String QUALIFIED_TEXT =
            "name part must consist of alphanumeric characters, '-', '_' or '.', and"
                    + " must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used"
                    + " for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String VALUE_TEXT =
            "a valid label must be an empty string or consist of alphanumeric characters,"
                    + " '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value', "
                    + " or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static final Set<String> LABEL_NAMED = Set.of("Namespace");

    private Names() {}

    /** Of types that have their own rules. */
    static void checkMetadata(ResourceType type, JsonNode object, FieldErrors errors) {
        checkName(type, object.path("metadata").path("name"), errors);
        checkLabels("metadata.labels", object.path("metadata").path("labels"), errors);
    }

    /** What is wrong with a DNS-1035 label, null if nothing is. */
    public static @Nullable String labelFault(String text) {
        if (text.length() > LONGEST_LABEL) {
            return "must be no more than " + LONGEST_LABEL + " characters";
        }
        return SERVICE.matcher(text).matches() ? null : SERVICE_TEXT;
    }

    /** What is wrong with a DNS subdomain, null if nothing is. */
    public static @Nullable String subdomainFault(String text) {
        if (text.length() > LONGEST_SUBDOMAIN) {
            return "must be no more than " + LONGEST_SUBDOMAIN + " characters";
        }
        return SUBDOMAIN.matcher(text).matches() ? null : SUBDOMAIN_TEXT;
    }

    static void checkName(ResourceType type, JsonNode name, FieldErrors errors) {
        String text = name.asString("");
        if (text.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else if (!type.custom() && type.kind().equals("Service")) {
            check(SERVICE, SERVICE_TEXT, LONGEST_LABEL, name, errors);
        } else if (!type.custom() && LABEL_NAMED.contains(type.kind())) {
            check(LABEL, LABEL_TEXT, LONGEST_LABEL, name, errors);
        } else {
            check(SUBDOMAIN, SUBDOMAIN_TEXT, LONGEST_SUBDOMAIN, name, errors);
        }
    }

    private static void check(Pattern pattern, String text, int longest, JsonNode name, FieldErrors errors) {
        if (name.asString("").length() > longest) {
            errors.invalid("metadata.name", name, "must be no more than " + longest + " characters");
        } else if (!pattern.matcher(name.asString("")).matches()) {
            errors.invalid("metadata.name", name, text);
        }
    }

    static void checkLabels(String field, JsonNode labels, FieldErrors errors) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            String key = label.getKey();
            String name = key.substring(key.indexOf('/') + 1);
            if (name.length() > LONGEST_LABEL) {
                errors.invalid(field, key, "name part must be no more than 63 characters");
            } else if (!QUALIFIED.matcher(name).matches()) {
                errors.invalid(field, key, QUALIFIED_TEXT);
            }
            String value = label.getValue().asString("");
            if (value.length() > LONGEST_LABEL) {
                errors.invalid(field, value, "must be no more than 63 characters");
            } else if (!VALUE.matcher(value).matches()) {
                errors.invalid(field, value, VALUE_TEXT);
            }
        }
    }
}
