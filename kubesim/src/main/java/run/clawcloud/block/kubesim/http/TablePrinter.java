package run.clawcloud.block.kubesim.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows objects as {@code kubectl get} prints them: the columns of kube-apiserver's default view. */
final class TablePrinter {

    private final InstantSource time;
    private final Map<String, List<Column>> byKind;
    private final List<Column> other;
    private final CustomColumns custom;

    /** A column: its header, and what an object shows there. */
    private record Column(String header, Function<JsonNode, String> cell) {}

    TablePrinter(InstantSource time, ResourceTypes types) {
        this.time = time;
        this.custom = new CustomColumns(types, this::age);
        Column name = new Column("Name", o -> o.path("metadata").path("name").asString(""));
        Column age = new Column("Age", o -> age(o.path("metadata").path("creationTimestamp")));
        other = List.of(name, age);
        Column desired = number("Desired", "spec", "replicas");
        Column current = number("Current", "status", "replicas");
        Column ready = number("Ready", "status", "readyReplicas");
        byKind = Map.ofEntries(
                Map.entry("Namespace", List.of(name, text("Status", "status", "phase"), age)),
                Map.entry(
                        "Pod",
                        List.of(
                                name,
                                new Column("Ready", TablePrinter::podReady),
                                new Column("Status", TablePrinter::podStatus),
                                new Column("Restarts", o -> "0"),
                                age)),
                Map.entry(
                        "Deployment",
                        List.of(
                                name,
                                new Column("Ready", TablePrinter::readyOfDesired),
                                number("Up-to-date", "status", "updatedReplicas"),
                                number("Available", "status", "availableReplicas"),
                                age)),
                Map.entry("StatefulSet", List.of(name, new Column("Ready", TablePrinter::readyOfDesired), age)),
                Map.entry("ReplicaSet", List.of(name, desired, current, ready, age)),
                Map.entry("ReplicationController", List.of(name, desired, current, ready, age)),
                Map.entry(
                        "DaemonSet",
                        List.of(
                                name,
                                number("Desired", "status", "desiredNumberScheduled"),
                                number("Current", "status", "currentNumberScheduled"),
                                number("Ready", "status", "numberReady"),
                                number("Up-to-date", "status", "updatedNumberScheduled"),
                                number("Available", "status", "numberAvailable"),
                                new Column("Node Selector", o -> "<none>"),
                                age)),
                Map.entry(
                        "Job",
                        List.of(
                                name,
                                new Column("Status", TablePrinter::jobStatus),
                                new Column("Completions", TablePrinter::jobCompletions),
                                new Column("Duration", this::jobDuration),
                                age)),
                Map.entry(
                        "CronJob",
                        List.of(
                                name,
                                text("Schedule", "spec", "schedule"),
                                text("Timezone", "spec", "timeZone"),
                                new Column(
                                        "Suspend",
                                        o -> o.path("spec").path("suspend").asBoolean(false) ? "True" : "False"),
                                new Column(
                                        "Active",
                                        o -> Integer.toString(
                                                o.path("status").path("active").size())),
                                new Column(
                                        "Last Schedule",
                                        o -> age(o.path("status").path("lastScheduleTime"))),
                                age)),
                Map.entry(
                        "ResourceQuota",
                        List.of(
                                name,
                                age,
                                new Column("Request", o -> used(o, false)),
                                new Column("Limit", o -> used(o, true)))),
                Map.entry("ConfigMap", List.of(name, size("Data", "data"), age)),
                Map.entry("Secret", List.of(name, text("Type", "type"), size("Data", "data"), age)),
                Map.entry("ServiceAccount", List.of(name, size("Secrets", "secrets"), age)),
                Map.entry(
                        "Service",
                        List.of(
                                name,
                                text("Type", "spec", "type"),
                                text("Cluster-IP", "spec", "clusterIP"),
                                new Column("External-IP", o -> "<none>"),
                                new Column("Port(s)", TablePrinter::ports),
                                age)),
                Map.entry(
                        "Node",
                        List.of(
                                name,
                                new Column("Status", o -> "Ready"),
                                new Column("Roles", o -> "<none>"),
                                age,
                                text("Version", "status", "nodeInfo", "kubeletVersion"))),
                Map.entry(
                        "Event",
                        List.of(
                                new Column("Last Seen", this::lastSeen),
                                text("Type", "type"),
                                text("Reason", "reason"),
                                new Column("Object", TablePrinter::eventObject),
                                new Column(
                                        "Message",
                                        o -> (o.path("message").asString("")
                                                        + o.path("note").asString(""))
                                                .strip()))),
                Map.entry("Lease", List.of(name, text("Holder", "spec", "holderIdentity"), age)));
    }

    /** The whole Table of one object. */
    ObjectNode table(ResourceType type, ObjectNode object) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        JsonNode version = object.path("metadata").path("resourceVersion");
        table.putObject("metadata").set("resourceVersion", version);
        table.set("columnDefinitions", columns(type));
        table.putArray("rows").add(row(type, object));
        return table;
    }

    ArrayNode columns(ResourceType type) {
        if (type.custom()) {
            return custom.definitions(type);
        }
        ArrayNode columns = Json.object().putArray("columnDefinitions");
        for (Column column : byKind.getOrDefault(type.kind(), other)) {
            columns.addObject()
                    .put("name", column.header())
                    .put("type", "string")
                    .put("format", column.header().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", 0);
        }
        return columns;
    }

    ObjectNode row(ResourceType type, ObjectNode object) {
        ObjectNode row = Json.object();
        ArrayNode cells = row.putArray("cells");
        if (type.custom()) {
            cells.addAll(custom.cells(type, object));
        } else {
            byKind.getOrDefault(type.kind(), other)
                    .forEach(column -> cells.add(column.cell().apply(object)));
        }
        ObjectNode partial =
                row.putObject("object").put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return row;
    }

    private static JsonNode at(JsonNode object, String... path) {
        JsonNode node = object;
        for (String step : path) {
            node = node.path(step);
        }
        return node;
    }

    private static Column text(String header, String... path) {
        return new Column(header, o -> {
            JsonNode value = at(o, path);
            return value.isMissingNode() || value.isNull() ? "<none>" : value.asString("");
        });
    }

    private static Column number(String header, String... path) {
        return new Column(header, o -> Integer.toString(at(o, path).asInt(0)));
    }

    private static Column size(String header, String... path) {
        return new Column(header, o -> Integer.toString(at(o, path).size()));
    }

    private static String readyOfDesired(JsonNode o) {
        return o.path("status").path("readyReplicas").asInt(0) + "/"
                + o.path("spec").path("replicas").asInt(1);
    }

    private static String podReady(JsonNode pod) {
        int containers = pod.path("spec").path("containers").size();
        boolean running = pod.path("status").path("phase").asString("").equals("Running");
        return (running ? containers : 0) + "/" + containers;
    }

    private static String podStatus(JsonNode pod) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        String phase = pod.path("status").path("phase").asString("Unknown");
        return phase.equals("Succeeded") ? "Completed" : phase;
    }

    private static String jobStatus(JsonNode job) {
        for (JsonNode condition : job.path("status").path("conditions")) {
            String type = condition.path("type").asString("");
            boolean terminal = type.equals("Complete") || type.equals("Failed") || type.equals("Suspended");
            if (terminal && condition.path("status").asString("").equals("True")) {
                return type;
            }
        }
        return "Running";
    }

    private static String jobCompletions(JsonNode job) {
        return job.path("status").path("succeeded").asInt(0) + "/"
                + job.path("spec").path("completions").asInt(1);
    }

    private String jobDuration(JsonNode job) {
        JsonNode start = job.path("status").path("startTime");
        JsonNode end = job.path("status").path("completionTime");
        if (!start.isString()) {
            return "";
        }
        return end.isString() ? Ages.human(Instant.parse(start.asString()), Instant.parse(end.asString())) : age(start);
    }

    private static String used(JsonNode quota, boolean limits) {
        StringBuilder text = new StringBuilder();
        JsonNode status = quota.path("status");
        quota.path("spec").path("hard").properties().stream()
                .filter(hard -> hard.getKey().startsWith("limits.") == limits)
                .sorted(Map.Entry.comparingByKey())
                .forEach(hard -> text.append(text.isEmpty() ? "" : ", ")
                        .append(hard.getKey())
                        .append(": ")
                        .append(status.path("used").path(hard.getKey()).asString("0"))
                        .append('/')
                        .append(hard.getValue().asString("")));
        return text.toString();
    }

    private static String ports(JsonNode service) {
        StringBuilder text = new StringBuilder();
        for (JsonNode port : service.path("spec").path("ports")) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(port.path("port").asString(""))
                    .append('/')
                    .append(port.path("protocol").asString("TCP"));
        }
        return text.isEmpty() ? "<none>" : text.toString();
    }

    private String lastSeen(JsonNode event) {
        for (String field : new String[] {"lastTimestamp", "deprecatedLastTimestamp", "eventTime", "firstTimestamp"}) {
            if (event.path(field).isString()) {
                return age(event.path(field));
            }
        }
        return age(event.path("metadata").path("creationTimestamp"));
    }

    private static String eventObject(JsonNode event) {
        JsonNode object = event.has("regarding") ? event.path("regarding") : event.path("involvedObject");
        return object.path("kind").asString("").toLowerCase(java.util.Locale.ROOT) + "/"
                + object.path("name").asString("");
    }

    private String age(JsonNode timestamp) {
        return timestamp.isString() ? Ages.human(Instant.parse(timestamp.asString()), time.instant()) : "<none>";
    }
}
