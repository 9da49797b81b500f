package run.clawcloud.block.kubesim.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code metav1.MicroTime}: with six digits of a second, or the object can't be read. */
final class MicroTimes {

    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}(Z|[+-]\\d\\d:\\d\\d)");

    private static final List<String> OF_EVENT = List.of("/eventTime", "/series/lastObservedTime");

    private static final Map<ResourceType, List<String>> FIELDS = Map.of(
            Kinds.LEASES, List.of("/spec/acquireTime", "/spec/renewTime"),
            Kinds.EVENTS, OF_EVENT,
            Kinds.EVENTS_V1, OF_EVENT);

    private MicroTimes() {}

    /** Of an object in the body of a request: 400. */
    static void check(ResourceType type, ObjectNode object) {
        String fault = fault(type, object);
        if (fault != null) {
            throw ApiException.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                    + type.kind() + ": " + fault);
        }
    }

    /** Of an object as a patch has left it: 422. */
    static void checkPatched(ResourceType type, ObjectNode object) {
        String fault = fault(type, object);
        if (fault != null) {
            FieldErrors errors = new FieldErrors();
            errors.invalid("patch", JsonNodeFactory.instance.stringNode(object.toString()), fault);
            throw ApiException.invalidPatch(errors);
        }
    }

    private static @Nullable String fault(ResourceType type, ObjectNode object) {
        return FIELDS.getOrDefault(type, List.of()).stream()
                .map(field -> object.at(field).asString(""))
                .filter(time -> !time.isEmpty() && !FORM.matcher(time).matches())
                .findFirst()
                .map(time -> "parsing time \"" + time + "\" as \"2006-01-02T15:04:05.000000Z07:00\"")
                .orElse(null);
    }
}
