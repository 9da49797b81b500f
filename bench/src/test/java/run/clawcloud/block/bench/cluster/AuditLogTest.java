package run.clawcloud.block.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.harness.HarnessException;

class AuditLogTest {
    @TempDir
    private Path directory = Path.of(".");

    private Path file = Path.of("audit.log");

    @BeforeEach
    void writesWhatWasBefore() throws IOException {
        file = directory.resolve("audit.log");
        Files.writeString(file, event("block-controller/1", "ResponseComplete", "list", "'resource':'pods'"));
    }

    private static String event(String agent, String stage, String verb, String object) {
        return ("{'kind':'Event','apiVersion':'audit.k8s.io/v1','stage':'" + stage + "','verb':'" + verb
                        + "','userAgent':'" + agent + "','objectRef':{" + object + "}}\n")
                .replace('\'', '"');
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void countsEachRequestOfAClientOnceFromTheMomentItWasOpened() throws IOException {
        AuditLog log = new AuditLog(file);
        write(event("block-controller/1", "ResponseComplete", "patch", "'resource':'deployments'")
                + event("block-controller/1", "ResponseComplete", "patch", "'resource':'deployments'")
                + event("kubectl/v1.33", "ResponseComplete", "get", "'resource':'pods'")
                + event("block-controller/1", "ResponseStarted", "watch", "'resource':'namespaces'"));
        assertThat(log.requests("block-controller/").counts())
                .isEqualTo(Map.of("patch deployments", 2L, "watch namespaces", 1L));
        write(event("block-controller/1", "ResponseComplete", "watch", "'resource':'namespaces'")
                + event(
                        "block-controller/1",
                        "ResponseComplete",
                        "patch",
                        "'resource':'blockrequests','subresource':'status'"));
        assertThat(log.requests("block-controller/").counts())
                .isEqualTo(Map.of("patch deployments", 2L, "watch namespaces", 1L, "patch blockrequests/status", 1L));
    }

    @Test
    void waitsForTheRestOfALine() throws IOException {
        AuditLog log = new AuditLog(file);
        String line = event("block-controller/1", "ResponseComplete", "get", "'resource':'leases'");
        int half = line.indexOf('}') - 3;
        write(line.substring(0, half));
        assertThat(log.requests("block-controller/").total()).isZero();
        write(line.substring(half));
        assertThat(log.requests("block-controller/").counts()).isEqualTo(Map.of("get leases", 1L));
    }

    @Test
    void saysThatTheLogWasRotated() throws IOException {
        AuditLog log = new AuditLog(file);
        Files.writeString(file, "");
        assertThatThrownBy(() -> log.requests("block-controller/"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("rotated");
    }

    @Test
    void saysThatThereIsNone() {
        assertThatThrownBy(() -> new AuditLog(directory.resolve("none")))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("none");
    }
}
