package run.clawcloud.block.kubesim.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all contract tests share: the API server, and namespaces that go when a test ends. */
@ExtendWith(ApiExtension.class)
abstract class ContractTest {

    final Api api;

    ContractTest(Api api) {
        this.api = api;
    }

    @AfterEach
    void cleanUp() {
        api.cleanUp();
    }
}
