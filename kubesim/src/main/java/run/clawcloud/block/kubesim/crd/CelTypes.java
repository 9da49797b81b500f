package run.clawcloud.block.kubesim.crd;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The types of CEL that schemas stand for. A rule that names a field which its schema does not have can't be compiled.
 */
final class CelTypes {

    private static final ImmutableMap<String, CelType> METADATA =
            ImmutableMap.of("name", SimpleType.STRING, "generateName", SimpleType.STRING);

    private final Map<String, CelType> structs = new HashMap<>();

    /** The type of a schema, null if rules can't speak of its values. */
    @Nullable
    CelType of(Schema schema, boolean root) {
        // No expression can say this name: a type named self.spec would hide the field spec of self from has().
        return of(schema, root, "@self");
    }

    private @Nullable CelType of(Schema schema, boolean root, String name) {
        if (schema.intOrString()) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case "object" -> object(schema, root, name);
            case "array" -> {
                CelType items = schema.items() == null ? null : of(schema.items(), false, name + ".@items");
                yield items == null ? null : ListType.create(items);
            }
            case "string" ->
                switch (schema.values().format()) {
                    case "date-time", "date" -> SimpleType.TIMESTAMP;
                    case "duration" -> SimpleType.DURATION;
                    case "byte" -> SimpleType.BYTES;
                    default -> SimpleType.STRING;
                };
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            case "boolean" -> SimpleType.BOOL;
            default -> null;
        };
    }

    private @Nullable CelType object(Schema schema, boolean root, String name) {
        boolean whole = root || schema.embedded();
        Schema additional = schema.additional();
        if (additional != null && schema.properties().isEmpty() && !whole) {
            CelType values = of(additional, false, name + ".@values");
            return values == null ? null : MapType.create(SimpleType.STRING, values);
        }
        if (schema.preservesUnknown() && schema.properties().isEmpty() && !whole) {
            return null;
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach((field, below) -> {
            String escaped = CelNames.escape(field);
            CelType type = of(below, false, name + "." + field);
            if (escaped != null && type != null) {
                fields.put(escaped, type);
            }
        });
        if (whole) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put("metadata", struct(name + ".@metadata", METADATA));
        }
        return struct(name, ImmutableMap.copyOf(fields));
    }

    private CelType struct(String name, ImmutableMap<String, CelType> fields) {
        CelType type = StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
        structs.put(name, type);
        return type;
    }

    /** All types of objects that were met. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    private record Provider(ImmutableMap<String, CelType> structs) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return structs.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(structs.get(name));
        }
    }
}
