package run.clawcloud.block.kubesim.controllers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Deployment asks of its ReplicaSets. A new template is rolled out in one step: its ReplicaSet goes up and the
 * others go down at once, whatever the strategy.
 *
 * @param newest the ReplicaSet of the current template, as it shall be; null while a paused Deployment has none
 * @param create whether {@code newest} is still to be created
 * @param update ReplicaSets to be written, as they shall be
 * @param delete those beyond the history limit
 */
record DeploymentPlan(@Nullable ObjectNode newest, boolean create, List<ObjectNode> update, List<ObjectNode> delete) {

    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    private static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
    private static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

    /** Annotations that are not copied: {@code annotationsToSkip} of kube-controller-manager. */
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            REVISION_HISTORY,
            DESIRED_REPLICAS,
            MAX_REPLICAS,
            "deprecated.deployment.rollback.to");

    /**
     * Decides.
     *
     * @param replicaSets those that the Deployment controls; not changed
     * @param collisions {@code status.collisionCount}
     */
    static DeploymentPlan of(JsonNode deployment, List<ObjectNode> replicaSets, int collisions) {
        JsonNode template = deployment.path("spec").path("template");
        boolean paused = deployment.path("spec").path("paused").asBoolean(false);
        List<ObjectNode> all = replicaSets.stream()
                .map(ObjectNode::deepCopy)
                .sorted(Comparator.comparing(Meta::created).thenComparing(Meta::name))
                .toList();
        ObjectNode newest = all.stream()
                .filter(rs -> PodTemplates.same(rs.path("spec").path("template"), template))
                .findFirst()
                .orElse(null);
        String newestUid = newest == null ? "" : Meta.uid(newest);
        List<ObjectNode> old =
                all.stream().filter(rs -> !Meta.uid(rs).equals(newestUid)).toList();
        boolean create = newest == null && !paused;
        if (create) {
            newest = newReplicaSet(deployment, template, collisions);
        }
        List<ObjectNode> update = new ArrayList<>();
        boolean changed = newest != null && annotate(newest, deployment, revision(old) + 1);
        ObjectNode toScale = paused ? activeOrLatest(newest, old) : newest;
        if (toScale != null) {
            boolean scaled = scale(toScale, deployment, Meta.replicas(deployment));
            if (old.contains(toScale)) {
                if (scaled) {
                    update.add(toScale);
                }
            } else {
                changed |= scaled;
            }
        }
        if (newest != null && changed && !create) {
            update.add(newest);
        }
        if (!paused) {
            old.stream()
                    .filter(rs -> Meta.replicas(rs) > 0 && scale(rs, deployment, 0))
                    .forEach(update::add);
        }
        return new DeploymentPlan(newest, create, List.copyOf(update), beyondHistory(deployment, old));
    }

    private static ObjectNode newReplicaSet(JsonNode deployment, JsonNode template, int collisions) {
        String hash = PodTemplates.hash(template, collisions);
        ObjectNode replicaSet = Json.object().put("kind", "ReplicaSet").put("apiVersion", "apps/v1");
        ObjectNode metadata = replicaSet.putObject("metadata");
        metadata.put("name", Meta.name(deployment) + "-" + hash).put("namespace", Meta.namespace(deployment));
        ObjectNode labels = metadata.putObject("labels");
        Meta.labels(template).forEach(labels::put);
        labels.put(PodTemplates.HASH_LABEL, hash);
        Meta.setController(replicaSet, Kinds.DEPLOYMENTS, deployment);

        ObjectNode spec = replicaSet.putObject("spec");
        spec.put("replicas", 0);
        JsonNode minReadySeconds = deployment.path("spec").path("minReadySeconds");
        if (minReadySeconds.asInt(0) > 0) {
            spec.put("minReadySeconds", minReadySeconds.asInt());
        }
        JsonNode selector = deployment.path("spec").path("selector").deepCopy();
        ObjectNode ownSelector = selector instanceof ObjectNode given ? given : Json.object();
        spec.set("selector", ownSelector);
        Json.child(ownSelector, "matchLabels").put(PodTemplates.HASH_LABEL, hash);
        ObjectNode ownTemplate = (ObjectNode) template.deepCopy();
        spec.set("template", ownTemplate);
        Json.child(Json.child(ownTemplate, "metadata"), "labels").put(PodTemplates.HASH_LABEL, hash);
        return replicaSet;
    }

    /** Copies the Deployment's annotations; none is ever taken away. A revision never falls. */
    private static boolean annotate(ObjectNode newest, JsonNode deployment, long revision) {
        boolean[] changed = {false};
        deployment.path("metadata").path("annotations").properties().forEach(entry -> {
            if (!NOT_COPIED.contains(entry.getKey())) {
                changed[0] |=
                        Meta.annotate(newest, entry.getKey(), entry.getValue().asString(""));
            }
        });
        String before = Meta.annotation(newest, REVISION);
        if (before == null || number(before) < revision) {
            Meta.annotate(newest, REVISION, Long.toString(revision));
            changed[0] = true;
            if (before != null) {
                String history = Meta.annotation(newest, REVISION_HISTORY);
                Meta.annotate(newest, REVISION_HISTORY, history == null ? before : history + "," + before);
            }
        }
        return changed[0];
    }

    private static long revision(List<ObjectNode> replicaSets) {
        return replicaSets.stream().mapToLong(DeploymentPlan::revision).max().orElse(0);
    }

    private static long revision(JsonNode replicaSet) {
        String text = Meta.annotation(replicaSet, REVISION);
        return text == null ? 0 : number(text);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static @Nullable ObjectNode activeOrLatest(@Nullable ObjectNode newest, List<ObjectNode> old) {
        List<ObjectNode> all = new ArrayList<>(old);
        if (newest != null) {
            all.add(newest);
        }
        List<ObjectNode> active =
                all.stream().filter(rs -> Meta.replicas(rs) > 0).toList();
        return switch (active.size()) {
            case 0 -> newest != null || old.isEmpty() ? newest : old.getLast();
            case 1 -> active.getFirst();
            default -> newest != null ? newest : active.getLast();
        };
    }

    private static boolean scale(ObjectNode replicaSet, JsonNode deployment, int replicas) {
        int desired = Meta.replicas(deployment);
        boolean changed = Meta.annotate(replicaSet, DESIRED_REPLICAS, Integer.toString(desired));
        changed |= Meta.annotate(
                replicaSet,
                MAX_REPLICAS,
                Integer.toString(desired + Surge.of(deployment).surge()));
        if (Meta.replicas(replicaSet) != replicas) {
            Json.child(replicaSet, "spec").put("replicas", replicas);
            changed = true;
        }
        return changed;
    }

    private static List<ObjectNode> beyondHistory(JsonNode deployment, List<ObjectNode> old) {
        int limit = deployment.path("spec").path("revisionHistoryLimit").asInt(10);
        return old.stream()
                .filter(rs -> !Meta.deleting(rs))
                .sorted(Comparator.comparingLong(DeploymentPlan::revision))
                .limit(Math.max(0, old.size() - limit))
                .filter(rs -> Meta.replicas(rs) == 0
                        && rs.path("status").path("replicas").asInt(0) == 0
                        && rs.path("status").path("observedGeneration").asLong(0) >= Meta.generation(rs))
                .toList();
    }
}
