package run.clawcloud.block.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks health endpoints. */
final class Probe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();

    /** Whether the answer is 200; an address where nobody answers is not. */
    boolean isOk(String address) throws InterruptedException {
        return says(address, "");
    }

    /** Whether the answer is 200 and has this in its body. */
    boolean says(String address, String text) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .header("User-Agent", "block-controller-probe")
                    .timeout(TIMEOUT)
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
