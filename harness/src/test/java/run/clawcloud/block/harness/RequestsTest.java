package run.clawcloud.block.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static Requests requests(String byUserAgent) {
        return Requests.of(
                Api.JSON.readTree(("{'total': 99, 'byUserAgent': {" + byUserAgent + "}}").replace('\'', '"')),
                "block-controller/");
    }

    @Test
    void countsTheControllersRequestsAndNobodyElses() {
        assertThat(requests("'block-controller/0.1': {'patch deployments': 3, 'list pods': 1},"
                                + " 'block-controller-demo': {'list pods': 50}, 'kubectl/v1.33': {'get namespaces': 2}")
                        .counts())
                .isEqualTo(Map.of("patch deployments", 3L, "list pods", 1L));
    }

    @Test
    void subtractsWhatWasThereBefore() {
        Requests earlier = requests("'block-controller/1': {'list pods': 5, 'watch namespaces': 1}");
        Requests later = requests(
                "'block-controller/1': {'list pods': 8, 'watch namespaces': 1, 'create events': 2, 'get pods': 1}");
        Requests difference = later.since(earlier);
        assertThat(difference.counts()).isEqualTo(Map.of("list pods", 3L, "create events", 2L, "get pods", 1L));
        assertThat(difference.total()).isEqualTo(6);
        assertThat(difference.withoutEvents()).isEqualTo(4);
    }
}
