package run.clawcloud.block.bench.cluster;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.HarnessException;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.JsonNode;

/**
 * The requests that a real API server has written into its audit log since this was opened: one JSON document of
 * {@code audit.k8s.io/v1} a line. The log has to name the stage ResponseComplete of every request, which is what a
 * policy of level Metadata does, and to be written as requests are answered ({@code --audit-log-mode=blocking}, the
 * default).
 */
public final class AuditLog {
    private static final String ANSWERED = "ResponseComplete";

    /** A watch is answered when it begins: it may not end before the bench does. */
    private static final String BEGUN = "ResponseStarted";

    private static final int FIRST_REFUSAL = 400;

    private final Path file;
    private final Map<String, Map<String, Long>> byUserAgent = new TreeMap<>();
    private long read;

    /** Counts what is written from now on. */
    public AuditLog(Path file) {
        this.file = file;
        try {
            read = Files.size(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Those of a user agent that begins so. */
    public synchronized Requests requests(String userAgent) {
        readOn();
        Map<String, Long> counts = new TreeMap<>();
        byUserAgent.forEach((agent, requests) -> {
            if (agent.startsWith(userAgent)) {
                requests.forEach((request, count) -> counts.merge(request, count, Long::sum));
            }
        });
        return new Requests(new TreeMap<>(counts));
    }

    private void readOn() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long length = log.length();
            if (length < read) {
                throw new HarnessException("the audit log " + file + " was rotated while requests were counted in it:"
                        + " let it grow larger (--audit-log-maxsize)");
            }
            log.seek(read);
            InputStream bytes = new BufferedInputStream(Channels.newInputStream(log.getChannel()));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = bytes.read(); next >= 0; next = bytes.read()) {
                line.write(next);
                // The last line may not be written to its end yet.
                if (next == '\n') {
                    count(Api.JSON.readTree(line.toByteArray()));
                    read += line.size();
                    line.reset();
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void count(JsonNode event) {
        String verb = event.path("verb").asString("");
        boolean watches = verb.equals("watch")
                && event.path("responseStatus").path("code").asInt(0) < FIRST_REFUSAL;
        if (event.path("stage").asString("").equals(watches ? BEGUN : ANSWERED)) {
            JsonNode object = event.path("objectRef");
            String resource = object.path("resource").asString("");
            String subresource = object.path("subresource").asString("");
            byUserAgent
                    .computeIfAbsent(event.path("userAgent").asString(""), agent -> new TreeMap<>())
                    .merge(
                            verb + " " + (subresource.isEmpty() ? resource : resource + "/" + subresource),
                            1L,
                            Long::sum);
        }
    }

    private HarnessException unreadable(IOException e) {
        return new HarnessException("the audit log " + file + " can't be read: " + e.getMessage());
    }
}
