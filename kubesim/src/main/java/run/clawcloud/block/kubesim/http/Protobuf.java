package run.clawcloud.block.kubesim.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.http.ProtobufSchema.Field;
import run.clawcloud.block.kubesim.http.ProtobufSchema.Shape;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads objects of built-in types that a client sends as {@code application/vnd.kubernetes.protobuf}, as Go clients and
 * {@code kubectl create} do. Answers are JSON all the same, which those clients accept. The envelope is that of
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding, the wire format
 * https://protobuf.dev/programming-guides/encoding/.
 */
final class Protobuf {

    static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final Map<String, String> PACKAGES = Map.of(
            "v1", "core.",
            "apps/v1", "apps.",
            "batch/v1", "batch.",
            "coordination.k8s.io/v1", "coordination.",
            "events.k8s.io/v1", "events.",
            "autoscaling/v1", "autoscaling.");

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ProtobufSchema schema = ProtobufSchema.load();

    /**
     * The object as JSON.
     *
     * @throws ApiException 400 when the body can't be read
     */
    ObjectNode read(byte[] body) {
        if (!Arrays.equals(body, 0, Math.min(body.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
            throw ApiException.badRequest(
                    "provided data does not appear to be a protobuf message, expected prefix k8s");
        }
        try {
            return readEnvelope(ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length)
                    .slice());
        } catch (RuntimeException e) {
            throw e instanceof ApiException
                    ? e
                    : ApiException.badRequest("error decoding the body: no valid protobuf message: " + e.getMessage());
        }
    }

    private ObjectNode readEnvelope(ByteBuffer in) {
        String apiVersion = "";
        String kind = "";
        ByteBuffer raw = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            ByteBuffer value = bytes(in);
            if (tag >>> 3 == 1) {
                while (value.hasRemaining()) {
                    int field = (int) varint(value) >>> 3;
                    String text = text(bytes(value));
                    if (field == 1) {
                        apiVersion = text;
                    } else {
                        kind = text;
                    }
                }
            } else if (tag >>> 3 == 2) {
                raw = value;
            }
        }
        String message =
                kind.equals("DeleteOptions") ? "meta.DeleteOptions" : PACKAGES.getOrDefault(apiVersion, "") + kind;
        if (!schema.has(message)) {
            throw ApiException.badRequest(
                    "kubesim does not read " + apiVersion + " " + kind + " as protobuf: send JSON");
        }
        ObjectNode object = Json.object().put("kind", kind).put("apiVersion", apiVersion);
        readMessage(message, raw, object);
        return object;
    }

    private void readMessage(String message, ByteBuffer in, ObjectNode into) {
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            Field field = schema.field(message, tag >>> 3);
            if (field == null) {
                skip(in, tag & 7);
            } else {
                readField(field, in, tag & 7, into);
            }
        }
    }

    private void readField(Field field, ByteBuffer in, int wire, ObjectNode into) {
        if (field.shape() == Shape.INLINE) {
            readMessage(field.type(), bytes(in), into);
        } else if (field.shape() == Shape.MAP) {
            readEntry(field, bytes(in), Json.child(into, field.name()));
        } else if (field.shape() == Shape.LIST) {
            ArrayNode list = into.get(field.name()) instanceof ArrayNode array ? array : into.putArray(field.name());
            list.add(value(field.type(), in, wire));
        } else {
            JsonNode value = value(field.type(), in, wire);
            if (field.writtenWhenEmpty() || !isEmpty(value)) {
                into.set(field.name(), value);
            }
        }
    }

    private void readEntry(Field field, ByteBuffer in, ObjectNode into) {
        String key = "";
        JsonNode value = JsonNodeFactory.instance.stringNode("");
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            if (tag >>> 3 == 1) {
                key = text(bytes(in));
            } else {
                value = value(field.type(), in, tag & 7);
            }
        }
        into.set(key, value);
    }

    /** Go's omitempty, and null for a time that is not set. */
    private static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || (value.isString() && value.asString().isEmpty())
                || (value.isNumber() && value.asDouble() == 0)
                || (value.isBoolean() && !value.asBoolean());
    }

    private JsonNode value(String type, ByteBuffer in, int wire) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case "string" -> nodes.stringNode(text(bytes(in)));
            case "int" -> nodes.numberNode(varint(in));
            case "bool" -> nodes.booleanNode(varint(in) != 0);
            case "double" -> nodes.numberNode(in.order(ByteOrder.LITTLE_ENDIAN).getDouble());
            case "bytes" -> nodes.stringNode(Base64.getEncoder().encodeToString(array(bytes(in))));
            case "raw" -> raw(bytes(in));
            case "quantity" -> nodes.stringNode(text(onlyField(bytes(in))));
            case "time" -> time(bytes(in), DateTimeFormatter.ISO_INSTANT);
            case "microtime" -> time(bytes(in), MICROSECONDS);
            case "duration" -> nodes.stringNode(scalars(bytes(in))[0] + "ns");
            case "intorstring" -> intOrString(bytes(in));
            default -> {
                if (wire != BYTES) {
                    throw new IllegalArgumentException("a " + type + " is no message here");
                }
                ObjectNode object = Json.object();
                readMessage(type, bytes(in), object);
                yield object;
            }
        };
    }

    private static JsonNode raw(ByteBuffer in) {
        return in.hasRemaining() ? Json.parse(array(onlyField(in))) : Json.object();
    }

    /** The content of a message that has one field of bytes or text. */
    private static ByteBuffer onlyField(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return in;
        }
        varint(in);
        return bytes(in);
    }

    /** The numbers of a message of numbers only, by field; 0 where there is none. */
    private static long[] scalars(ByteBuffer in) {
        long[] numbers = new long[2];
        while (in.hasRemaining()) {
            int field = (int) varint(in) >>> 3;
            numbers[field - 1] = varint(in);
        }
        return numbers;
    }

    private static JsonNode time(ByteBuffer in, DateTimeFormatter format) {
        long[] time = scalars(in);
        return time[0] == 0
                ? JsonNodeFactory.instance.nullNode()
                : JsonNodeFactory.instance.stringNode(format.format(Instant.ofEpochSecond(time[0], time[1])));
    }

    private static JsonNode intOrString(ByteBuffer in) {
        long type = 0;
        long number = 0;
        String text = "";
        while (in.hasRemaining()) {
            switch ((int) varint(in) >>> 3) {
                case 1 -> type = varint(in);
                case 2 -> number = varint(in);
                default -> text = text(bytes(in));
            }
        }
        return type == 0 ? JsonNodeFactory.instance.numberNode(number) : JsonNodeFactory.instance.stringNode(text);
    }

    private static void skip(ByteBuffer in, int wire) {
        switch (wire) {
            case VARINT -> varint(in);
            case FIXED64 -> in.position(in.position() + Long.BYTES);
            case BYTES -> bytes(in);
            case FIXED32 -> in.position(in.position() + Integer.BYTES);
            default -> throw new IllegalArgumentException("wire type " + wire);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    private static byte[] array(ByteBuffer in) {
        byte[] array = new byte[in.remaining()];
        in.get(array);
        return array;
    }

    private static String text(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(in).toString();
    }
}
