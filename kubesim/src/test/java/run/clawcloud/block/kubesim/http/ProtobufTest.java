package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.Json;

/** Bodies as Go clients encode them. */
class ProtobufTest {

    private final Protobuf protobuf = new Protobuf();

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }

    private static byte[] number(int field, long value) {
        return join(varint((long) field << 3), varint(value));
    }

    private static byte[] bytes(int field, byte[]... content) {
        byte[] joined = join(content);
        return join(varint(((long) field << 3) | 2), varint(joined.length), joined);
    }

    private static byte[] text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] envelope(String apiVersion, String kind, byte[]... object) {
        return join(
                "k8s\0".getBytes(StandardCharsets.US_ASCII),
                bytes(1, text(1, apiVersion), text(2, kind)),
                bytes(2, object),
                text(3, ""),
                text(4, ""));
    }

    @Test
    void readsADeploymentAsGoWouldWriteItInJson() {
        byte[] port = bytes(6, text(1, ""), number(2, 0), number(3, 80), text(4, "TCP"));
        byte[] requests = bytes(2, text(1, "cpu"), bytes(2, text(1, "100m")));
        byte[] probe =
                bytes(10, bytes(1, bytes(2, text(1, "/"), bytes(2, number(1, 1), number(2, 0), text(3, "http")))));
        byte[] container = bytes(2, text(1, "c"), text(2, "x"), port, bytes(8, requests), probe);
        byte[] template = bytes(3, bytes(1, bytes(11, text(1, "a"), text(2, "b"))), bytes(2, container));
        byte[] selector = bytes(2, bytes(1, text(1, "a"), text(2, "b")));
        byte[] metadata = bytes(1, text(1, "web"), text(2, ""), bytes(8), bytes(11, text(1, "k"), text(2, "v")));
        byte[] spec = bytes(2, number(1, 0), selector, template, number(5, 0), number(7, 0));

        assertThat(Json.parse(Json.bytes(protobuf.read(envelope("apps/v1", "Deployment", metadata, spec)))))
                .isEqualTo(Json.parse("""
                                {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","labels":{"k":"v"}},
                                "spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":
                                {"a":"b"}},"spec":{"containers":[{"name":"c","image":"x","ports":[{"containerPort":80,
                                "protocol":"TCP"}],"resources":{"requests":{"cpu":"100m"}},"livenessProbe":{"httpGet":
                                {"path":"/","port":"http"}}}]}}}}"""));
    }

    @Test
    void readsDeleteOptionsAndSkipsWhatItDoesNotKnow() {
        byte[] body = envelope(
                "v1", "DeleteOptions", number(1, 0), bytes(2, text(1, "u")), text(4, "Foreground"), number(99, 1));
        assertThat(protobuf.read(body).toString())
                .isEqualTo("{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":0,"
                        + "\"preconditions\":{\"uid\":\"u\"},\"propagationPolicy\":\"Foreground\"}");
    }

    @Test
    void aMicroTimeHasSixDigitsOfASecondWhateverTheyAre() {
        byte[] spec = bytes(2, bytes(3, number(1, 1)), bytes(4, number(1, 1), number(2, 20_000_000)));

        assertThat(protobuf.read(envelope("coordination.k8s.io/v1", "Lease", spec))
                        .path("spec")
                        .toString())
                .isEqualTo("{\"acquireTime\":\"1970-01-01T00:00:01.000000Z\","
                        + "\"renewTime\":\"1970-01-01T00:00:01.020000Z\"}");
    }

    @Test
    void refusesWhatItCantRead() {
        byte[] whole = envelope("v1", "Namespace", bytes(1, text(1, "n")));
        for (byte[] body :
                new byte[][] {{1, 2, 3}, {}, java.util.Arrays.copyOf(whole, whole.length / 2), envelope("x/v1", "Odd")
                }) {
            assertThatThrownBy(() -> protobuf.read(body))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
        }
    }
}
