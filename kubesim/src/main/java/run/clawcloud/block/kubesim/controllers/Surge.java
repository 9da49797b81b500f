package run.clawcloud.block.kubesim.controllers;

import tools.jackson.databind.JsonNode;

/**
 * How far a rolling update may stray from the number of replicas.
 *
 * @param surge how many pods more
 * @param unavailable how many pods less
 */
record Surge(int surge, int unavailable) {

    /** As {@code MaxSurge} and {@code MaxUnavailable} of kube-controller-manager. */
    static Surge of(JsonNode deployment) {
        JsonNode strategy = deployment.path("spec").path("strategy");
        if (!strategy.path("type").asString("RollingUpdate").equals("RollingUpdate")) {
            return new Surge(0, 0);
        }
        int replicas = Meta.replicas(deployment);
        int surge = scaled(strategy.path("rollingUpdate").path("maxSurge"), replicas, true);
        int unavailable = scaled(strategy.path("rollingUpdate").path("maxUnavailable"), replicas, false);
        return new Surge(surge, Math.min(replicas, surge == 0 && unavailable == 0 ? 1 : unavailable));
    }

    /** A number, or a percentage of the replicas; 25 % if absent, as the API server fills in. */
    private static int scaled(JsonNode value, int replicas, boolean up) {
        if (value.isIntegralNumber()) {
            return value.asInt();
        }
        String text = value.asString("25%");
        int percent = Integer.parseInt(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
        return (percent * replicas + (up ? 99 : 0)) / 100;
    }
}
