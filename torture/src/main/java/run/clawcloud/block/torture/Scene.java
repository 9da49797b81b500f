package run.clawcloud.block.torture;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Namespaces and a BlockRequest for one run of a flow. Many runs share a world, one after the other.
 *
 * @param run its number, which no other in this world has
 * @param count of namespaces
 */
record Scene(World world, int run, int count) {

    List<String> namespaces() {
        return IntStream.rangeClosed(1, count).mapToObj(each -> prefix() + each).toList();
    }

    /** The name of the BlockRequest. */
    String request() {
        return prefix() + "request";
    }

    /** The BlockRequest as it is; null when there is none. */
    @Nullable
    ObjectNode find() {
        return world.find(world.requests(), World.REQUESTS, request());
    }

    /** Makes the namespaces with these workloads in each; the pods come later. */
    void furnish(List<Workload> workloads) {
        for (String namespace : namespaces()) {
            world.namespace(namespace);
            workloads.forEach(each -> each.createIn(world, namespace));
        }
    }

    /** Text without the number of the run. */
    String ofAnyRun(String text) {
        return text.replace(prefix(), "run-");
    }

    private String prefix() {
        return "run-" + run + "-";
    }
}
