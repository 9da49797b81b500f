package run.clawcloud.block.request;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.InvalidSelectorException;
import run.clawcloud.block.feed.LabelSelector;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.state.LockLength;
import run.clawcloud.block.state.NameList;
import tools.jackson.core.JsonParser;

/**
 * What a BlockRequest asks for.
 *
 * @param names of namespaces
 * @param selector null when there is none, or none that can be used
 * @param action {@code locked} or {@code active}
 * @param lockDuration as it stands: {@link run.clawcloud.block.state.LockLength} reads it
 * @param faults what the schema would have refused; such a request is done as far as it can be understood
 */
public record BlockRequestSpec(
        NameList names,
        @Nullable LabelSelector selector,
        String action,
        @Nullable String reason,
        @Nullable String lockDuration,
        List<String> faults) {

    /** Reads the spec that the parser stands at and leaves the parser at its end. */
    static BlockRequestSpec read(JsonParser parser) {
        Reading reading = new Reading();
        Json.fields(parser, reading::field);
        return reading.spec();
    }

    private static final class Reading {
        private final NameList names = new NameList();
        private final List<String> faults = new ArrayList<>();
        private @Nullable LabelSelector selector;
        private String action = "";
        private @Nullable String reason;
        private @Nullable String lockDuration;

        private BlockRequestSpec spec() {
            if (!action.equals(Names.LOCKED) && !action.equals(Names.ACTIVE)) {
                faults.add("action: '" + action + "' must be locked or active");
            }
            if (LockLength.parse(lockDuration) instanceof LockLength.Unreadable) {
                faults.add("lockDuration: must be " + LockLength.SYNTAX);
            }
            return new BlockRequestSpec(names, selector, action, reason, lockDuration, List.copyOf(faults));
        }

        private void field(String field, JsonParser value) {
            switch (field) {
                case "namespaceNames" -> Json.elements(value, () -> names.add(Json.textOrEmpty(value)));
                case "namespaceSelector" -> selector(value);
                case "action" -> action = Json.textOrEmpty(value);
                case "reason" -> reason = Json.text(value);
                case "lockDuration" -> lockDuration = Json.text(value);
                default -> value.skipChildren();
            }
        }

        private void selector(JsonParser value) {
            if (Json.isNull(value)) {
                return;
            }
            try {
                LabelSelector read = LabelSelector.read(value);
                if (read.keys().contains(Names.STATUS_LABEL) || read.keys().contains(Names.APPLIED_LABEL)) {
                    // Each lock and each unlock would change what it matches.
                    faults.add("namespaceSelector: must not look at the labels that a lock sets, " + Names.STATUS_LABEL
                            + " and " + Names.APPLIED_LABEL);
                } else {
                    selector = read;
                }
            } catch (InvalidSelectorException e) {
                faults.add("namespaceSelector: " + e.getMessage());
            }
        }
    }
}
