package run.clawcloud.block;

import java.util.stream.Stream;
import run.clawcloud.block.api.Names;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The spec of a BlockRequest in the making. */
final class TestSpec {

    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();

    private TestSpec(String action) {
        spec.put("action", action);
    }

    static TestSpec locked() {
        return new TestSpec(Names.LOCKED);
    }

    static TestSpec active() {
        return new TestSpec(Names.ACTIVE);
    }

    TestSpec names(String... names) {
        Stream.of(names).forEach(spec.withArray("namespaceNames")::add);
        return this;
    }

    TestSpec names(Tenant... tenants) {
        return names(Stream.of(tenants).map(Tenant::name).toArray(String[]::new));
    }

    /** Those with this label. */
    TestSpec label(String key, String value) {
        spec.withObject("/namespaceSelector/matchLabels").put(key, value);
        return this;
    }

    /** One of {@code matchExpressions}, as JSON. */
    TestSpec expression(String expression) {
        spec.withObject("/namespaceSelector").withArray("matchExpressions").add(RawApi.json(expression));
        return this;
    }

    /** Every namespace. */
    TestSpec everything() {
        spec.putObject("namespaceSelector");
        return this;
    }

    TestSpec reason(String reason) {
        spec.put("reason", reason);
        return this;
    }

    TestSpec lockDuration(String lockDuration) {
        spec.put("lockDuration", lockDuration);
        return this;
    }

    /** As JSON. */
    @Override
    public String toString() {
        return spec.toString();
    }
}
