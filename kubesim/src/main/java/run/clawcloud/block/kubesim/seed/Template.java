package run.clawcloud.block.kubesim.seed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Labels;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/** An object of a tenant's namespace with holes where tenants differ. */
final class Template {

    /** The namespace that templates are made in; stands for the tenant's. */
    static final String NAMESPACE = "namespace-of-the-tenant";

    private static final String NAMESPACE_HOLE = "\u0001";
    private static final String VERSION_HOLE = "\u0002";
    private static final char FIRST_UID_HOLE = '\u0100';

    private final ResourceType type;
    private final String name;
    private final int slot;
    private final List<Piece> json;

    /** The labels that all tenants' objects have. */
    private final SortedMap<String, String> constant;

    private final Labels common;

    /** The labels with holes. */
    private final NavigableMap<String, List<Piece>> particular;

    /** Text that is there, or a hole. */
    private sealed interface Piece {}

    private record Text(String text) implements Piece {}

    private record Namespace() implements Piece {}

    private record Version() implements Piece {}

    private record Uid(int slot) implements Piece {}

    private Template(
            ResourceType type,
            String name,
            int slot,
            List<Piece> json,
            SortedMap<String, String> constant,
            NavigableMap<String, List<Piece>> particular) {
        this.type = type;
        this.name = name;
        this.slot = slot;
        this.json = json;
        this.constant = constant;
        this.common = Labels.of(constant);
        this.particular = particular;
    }

    /**
     * Makes the template of an object.
     *
     * @param object in the namespace {@link #NAMESPACE}, or that namespace itself
     * @param slots the uids for which holes are to be left, with the number of each
     */
    static Template of(StoredObject object, Map<String, Integer> slots) {
        int slot = slots.getOrDefault(object.uid(), 0);
        ObjectNode tree = object.tree();
        Json.child(tree, "metadata").put("resourceVersion", VERSION_HOLE);
        SortedMap<String, String> constant = new TreeMap<>();
        NavigableMap<String, List<Piece>> particular = new TreeMap<>();
        tree.path("metadata").path("labels").properties().forEach(label -> {
            String value = label.getValue().asString();
            List<Piece> pieces = pieces(value, slots);
            if (pieces.equals(List.of(new Text(value)))) {
                constant.put(label.getKey(), value);
            } else {
                particular.put(label.getKey(), pieces);
            }
        });
        String text = new String(Json.bytes(tree), StandardCharsets.UTF_8).replace("\\u0002", VERSION_HOLE);
        return new Template(object.type(), object.name(), slot, pieces(text, slots), constant, particular);
    }

    private static List<Piece> pieces(String text, Map<String, Integer> slots) {
        String holed = text.replace(NAMESPACE, NAMESPACE_HOLE);
        for (Map.Entry<String, Integer> slot : slots.entrySet()) {
            holed = holed.replace(slot.getKey(), Character.toString(FIRST_UID_HOLE + slot.getValue()));
        }
        List<Piece> pieces = new ArrayList<>();
        Matcher holes = Pattern.compile("[\u0001\u0002\u0100-\u01ff]").matcher(holed);
        int end = 0;
        while (holes.find()) {
            if (holes.start() > end) {
                pieces.add(new Text(holed.substring(end, holes.start())));
            }
            char hole = holed.charAt(holes.start());
            pieces.add(
                    switch (holes.group()) {
                        case NAMESPACE_HOLE -> new Namespace();
                        case VERSION_HOLE -> new Version();
                        default -> new Uid(hole - FIRST_UID_HOLE);
                    });
            end = holes.end();
        }
        if (end < holed.length()) {
            pieces.add(new Text(holed.substring(end)));
        }
        return List.copyOf(pieces);
    }

    ResourceType type() {
        return type;
    }

    /** The name of a tenant's object. */
    String name(String namespace) {
        return name.equals(NAMESPACE) ? namespace : name;
    }

    int slot() {
        return slot;
    }

    /** A tenant's object as JSON. */
    byte[] json(Tenant tenant) {
        return fill(json, tenant).getBytes(StandardCharsets.UTF_8);
    }

    /** The labels of a tenant's object. Asked of every tenant when a list selects by label: so it must be quick. */
    Labels labels(Tenant tenant) {
        if (particular.isEmpty()) {
            return common;
        }
        if (particular.size() == 1) {
            return common.with(
                    particular.firstKey(), fill(particular.firstEntry().getValue(), tenant));
        }
        SortedMap<String, String> all = new TreeMap<>(constant);
        particular.forEach((key, value) -> all.put(key, fill(value, tenant)));
        return Labels.of(all);
    }

    private String fill(List<Piece> pieces, Tenant tenant) {
        if (pieces.size() == 1 && pieces.getFirst() instanceof Namespace) {
            return tenant.namespace();
        }
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Text(String text) -> filled.append(text);
                case Namespace() -> filled.append(tenant.namespace());
                case Version() -> filled.append(tenant.resourceVersion(slot));
                case Uid(int of) -> tenant.appendUid(of, filled);
            }
        }
        return filled.toString();
    }
}
