package run.clawcloud.block.kubesim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;

/**
 * A field selector, {@code metadata.name=x,status.phase!=Running}: all terms hold. Which fields it may name depends on
 * the type, as in kube-apiserver.
 *
 * @param terms all of which must hold
 */
public record FieldSelector(List<Term> terms) {

    private static final Set<String> EVERY_TYPE = Set.of("metadata.name", "metadata.namespace");

    private static final Set<String> EVENT_FIELDS = Set.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "type");

    private static final Map<String, Set<String>> BY_KIND = Map.of(
            "Pod",
            Set.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "status.phase",
                    "status.podIP"),
            "Namespace",
            Set.of("status.phase"),
            "Event",
            EVENT_FIELDS,
            "Node",
            Set.of("spec.unschedulable"),
            "Secret",
            Set.of("type"),
            "ReplicaSet",
            Set.of("status.replicas"),
            "ReplicationController",
            Set.of("status.replicas"),
            "Job",
            Set.of("status.successful"));

    /** One condition. */
    public record Term(String field, boolean equal, String value) {

        boolean matches(StoredObject object) {
            String is = switch (field) {
                case "metadata.name" -> object.name();
                case "metadata.namespace" -> object.namespace();
                default -> value(object);
            };
            return is.equals(value) == equal;
        }

        private String value(StoredObject object) {
            JsonNode node = object.tree();
            for (String step : field.split("\\.", -1)) {
                node = node.path(step);
            }
            return node.isMissingNode() || node.isNull() ? "" : node.asString();
        }
    }

    /**
     * Reads the text form.
     *
     * @throws ApiException 400 when it can't be read or names a field that can't be selected by
     */
    public static FieldSelector parse(ResourceType type, @Nullable String text) {
        List<Term> terms = new ArrayList<>();
        if (text != null && !text.isBlank()) {
            for (String part : text.split(",", -1)) {
                terms.add(term(type, part));
            }
        }
        return new FieldSelector(List.copyOf(terms));
    }

    private static Term term(ResourceType type, String text) {
        int equal = text.indexOf('=');
        if (equal <= 0) {
            throw ApiException.badRequest("invalid selector: '" + text + "'; can't understand '" + text + "'");
        }
        boolean not = text.charAt(equal - 1) == '!';
        int value = text.startsWith("==", equal) ? equal + 2 : equal + 1;
        String field = text.substring(0, not ? equal - 1 : equal).strip();
        if (type.equals(Kinds.EVENTS_V1)) {
            field = field.replace("regarding.", "involvedObject.").replace("reportingController", "reportingComponent");
        }
        Set<String> more = type.custom() ? Set.of() : BY_KIND.getOrDefault(type.kind(), Set.of());
        if (!EVERY_TYPE.contains(field) && !more.contains(field)) {
            throw ApiException.badRequest("field label not supported: " + field);
        }
        return new Term(field, !not, text.substring(value).strip());
    }

    /** Whether all terms hold. */
    public boolean matches(StoredObject object) {
        for (Term term : terms) {
            if (!term.matches(object)) {
                return false;
            }
        }
        return true;
    }
}
