package run.clawcloud.block.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Latencies;
import run.clawcloud.block.harness.Progress;
import run.clawcloud.block.harness.Requests;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the demo found out, as a table for people and as one JSON document for programs.
 *
 * @param options what was asked for
 * @param clusterNamespaces namespaces of the cluster at the start
 * @param clusterPods pods of the cluster at the start
 * @param before what was in the namespaces that were locked
 * @param notes the objects in the locked namespaces that an unlock had to change
 * @param phases the phases in their order, with the time that each took
 * @param lock from the acknowledgement that its BlockRequest was created to {@code applied: locked}, for each namespace
 * @param blockRequests by which the namespaces were locked
 * @param requests the controller's requests by the phases that caused them
 * @param residentBytes memory that the controller had resident at the end; 0 if the system does not say
 * @param failures a line for each check that did not hold; empty if all did
 */
record Report(
        Options options,
        int clusterNamespaces,
        long clusterPods,
        Census before,
        int notes,
        Map<String, Duration> phases,
        Latencies lock,
        List<LockRequest> blockRequests,
        Map<String, Requests> requests,
        long residentBytes,
        List<String> failures) {

    /** The keys of {@link #requests}. */
    static final String LOCK = "lock";

    static final String UNLOCK = "unlock";
    static final String EXPIRE = "expire";

    private static final int SHOWN_FAILURES = 20;

    /** For its BlockRequest, each namespace is read and written once. */
    private static final int LABEL_REQUESTS = 2;

    boolean held() {
        return failures.isEmpty();
    }

    String toTable() {
        List<String> lines = new ArrayList<>();
        row(lines, "namespaces", number(clusterNamespaces), "pods in them", number(clusterPods));
        row(lines, "locked and unlocked", number(options.lock()), "expired", number(options.expire()));
        row(lines, "  by a selector", number(namespaces(true)), "by name", number(namespaces(false)));
        row(lines, "workloads locked", number(before.allWorkloads()), "pods locked", number(before.pods()));
        before.workloads().forEach((kind, count) -> row(lines, "  " + kind.label(), number(count), "", ""));
        lines.add("");
        phases.forEach((phase, time) -> row(lines, phase, Progress.seconds(time), "", ""));
        lines.add("");
        lines.add("lock latency: creation of its BlockRequest acknowledged to applied=locked");
        row(lines, "  p50", millis(lock.percentile(50)), "", "");
        row(lines, "  p99", millis(lock.percentile(99)), "", "");
        lines.add("");
        requestLines(lines);
        lines.add("");
        row(lines, "controller RSS", number(Math.round(residentBytes / 1e6)) + " MB", "", "");
        lines.add("");
        lines.add(held() ? "Every check held." : "Checks that did not hold: " + number(failures.size()));
        return String.join(System.lineSeparator(), lines);
    }

    private void requestLines(List<String> lines) {
        lines.add("%-36s %10s %10s %10s".formatted("API requests of the controller", LOCK, UNLOCK, EXPIRE));
        TreeSet<String> keys = new TreeSet<>();
        requests.values().forEach(counted -> keys.addAll(counted.counts().keySet()));
        for (String key : keys) {
            requestLine(
                    lines,
                    "  " + key,
                    phase -> number(requestsOf(phase).counts().getOrDefault(key, 0L)));
        }
        requestLine(lines, "  all", phase -> number(requestsOf(phase).total()));
        requestLine(
                lines,
                "  for many namespaces, and events",
                phase -> number(requestsOf(phase).total() - ofNamespaces(phase)));
        requestLine(lines, "  of one namespace, without these", phase -> decimal(perNamespace(phase)));
        requestLine(
                lines,
                "    less its label: 1 get, 1 patch",
                phase -> phase.equals(EXPIRE) ? "" : decimal(withoutLabel(phase)));
        requestLine(lines, "  objects to change in it", phase -> switch (phase) {
            case LOCK -> decimal(each(before.changes(), options.lock()));
            case UNLOCK -> decimal(each(notes, options.lock()));
            default -> "";
        });
    }

    private int namespaces(boolean bySelector) {
        return blockRequests.stream()
                .filter(request -> request.bySelector() == bySelector)
                .mapToInt(request -> request.namespaces().size())
                .sum();
    }

    /** How many requests were made for single namespaces. */
    private long ofNamespaces(String phase) {
        return requestsOf(phase).counts().entrySet().stream()
                .filter(counted -> !isShared(counted.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Events, which report; BlockRequests, and the lists and watches of the cluster. */
    private static boolean isShared(String key) {
        return key.endsWith(" events")
                || key.contains(" blockrequests")
                || key.startsWith("watch ")
                || key.equals("list namespaces")
                || key.equals("list resourcequotas");
    }

    private double perNamespace(String phase) {
        return each(ofNamespaces(phase), count(phase));
    }

    private double withoutLabel(String phase) {
        return Math.max(0, perNamespace(phase) - LABEL_REQUESTS);
    }

    private int count(String phase) {
        return phase.equals(EXPIRE) ? options.expire() : options.lock();
    }

    private Requests requestsOf(String phase) {
        return requests.getOrDefault(phase, Requests.NONE);
    }

    private static void requestLine(List<String> lines, String title, java.util.function.UnaryOperator<String> cell) {
        lines.add("%-36s %10s %10s %10s"
                .formatted(title, cell.apply(LOCK), cell.apply(UNLOCK), cell.apply(EXPIRE))
                .stripTrailing());
    }

    private static void row(List<String> lines, String left, String leftValue, String right, String rightValue) {
        lines.add("%-24s %12s    %-16s %12s"
                .formatted(left, leftValue, right, rightValue)
                .stripTrailing());
    }

    /** The failed checks, a line each, at most so many that they can be read. */
    List<String> failureLines() {
        if (failures.size() <= SHOWN_FAILURES) {
            return failures;
        }
        List<String> shown = new ArrayList<>(failures.subList(0, SHOWN_FAILURES));
        shown.add("and " + number(failures.size() - SHOWN_FAILURES) + " more");
        return shown;
    }

    ObjectNode toJson() {
        ObjectNode json = Api.JSON.createObjectNode();
        json.put("held", held());
        json.put("namespaces", clusterNamespaces);
        json.put("pods", clusterPods);
        json.put("lockedNamespaces", options.lock());
        json.put("lockedBySelector", namespaces(true));
        json.put("lockedByName", namespaces(false));
        json.put("expiredNamespaces", options.expire());
        ObjectNode workloads = json.putObject("lockedWorkloads");
        before.workloads().forEach((kind, count) -> workloads.put(kind.label(), count.intValue()));
        json.put("lockedPods", before.pods());
        ObjectNode seconds = json.putObject("phaseSeconds");
        phases.forEach((phase, time) -> seconds.put(phase, time.toMillis() / 1e3));
        ObjectNode latency = json.putObject("lockLatencyMillis");
        latency.put("p50", lock.percentile(50).toNanos() / 1e6);
        latency.put("p99", lock.percentile(99).toNanos() / 1e6);
        ObjectNode counted = json.putObject("requests");
        requests.forEach((phase, counts) -> {
            ObjectNode byKey = counted.putObject(phase);
            counts.counts().forEach((key, count) -> byKey.put(key, count.longValue()));
        });
        json.put("requestsPerLock", perNamespace(LOCK));
        json.put("requestsPerLockWithoutLabel", withoutLabel(LOCK));
        json.put("changesPerLock", each(before.changes(), options.lock()));
        json.put("requestsPerUnlock", perNamespace(UNLOCK));
        json.put("requestsPerUnlockWithoutLabel", withoutLabel(UNLOCK));
        json.put("changesPerUnlock", each(notes, options.lock()));
        json.put("controllerResidentBytes", residentBytes);
        ArrayNode failed = json.putArray("failures");
        failures.forEach(failed::add);
        return json;
    }

    private static double each(long total, int count) {
        return count == 0 ? 0 : Math.round(10.0 * total / count) / 10.0;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%,.0f ms", time.toNanos() / 1e6);
    }
}
