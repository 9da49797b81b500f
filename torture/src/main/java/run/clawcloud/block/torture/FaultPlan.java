package run.clawcloud.block.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.kubesim.http.Fault.Effect;

/** A hostile API server: what goes wrong, and how often, drawn from a seed. */
final class FaultPlan {

    private static final List<String> WATCHED = List.of("namespaces", "resourcequotas", "blockrequests");
    private static final List<Effect> ON_WATCHES = List.of(
            Effect.CUT_WATCH, Effect.EXPIRE_WATCH, Effect.STALL_WATCH, Effect.REPEAT_WATCH, Effect.REORDER_WATCH);
    private static final int[] STATUSES = {429, 500, 503, 504, 410};
    private static final int LONGEST_DELAY_MILLIS = 300;
    private static final double MOST_OFTEN = 0.3;

    /** Seldom, and then for a few requests only. */
    private static final int VERY_LONG_DELAY_MILLIS = 5_000;

    private static final int LONGEST_GATHERING_MILLIS = 50;

    private FaultPlan() {}

    static List<Fault> draw(RandomGenerator random) {
        List<Fault> faults = new ArrayList<>();
        int count = random.nextInt(3, 9);
        for (int i = 0; i < count; i++) {
            faults.add(one(random).withProbability(random.nextDouble(MOST_OFTEN)));
        }
        for (String resource : WATCHED) {
            faults.add(onWatch(random)
                    .on("watch", resource)
                    .afterEvents(random.nextInt(6))
                    .times(random.nextInt(1, 4)));
        }
        if (random.nextInt(4) == 0) {
            faults.add(Fault.of(Effect.DELAY)
                    .lasting(random.nextInt(VERY_LONG_DELAY_MILLIS))
                    .skipping(random.nextInt(100))
                    .times(random.nextInt(1, 4)));
        }
        return faults;
    }

    private static Fault one(RandomGenerator random) {
        return switch (random.nextInt(7)) {
            case 0 -> Fault.of(Effect.DELAY).lasting(random.nextInt(LONGEST_DELAY_MILLIS));
            case 1 -> Fault.of(Effect.DROP_BEFORE);
            case 2 -> Fault.of(Effect.DROP_AFTER);
            case 3 -> Fault.of(Effect.CONFLICT).on("patch", random.nextBoolean() ? "namespaces" : "deployments");
            case 4 -> Fault.of(Effect.EXPIRE_CONTINUE);
            default -> Fault.of(Effect.STATUS).withStatus(STATUSES[random.nextInt(STATUSES.length)], random.nextInt(2));
        };
    }

    /** One that stalls does so until the faults are changed. */
    private static Fault onWatch(RandomGenerator random) {
        Effect effect = ON_WATCHES.get(random.nextInt(ON_WATCHES.size()));
        Fault fault = Fault.of(effect);
        return effect == Effect.REORDER_WATCH ? fault.lasting(random.nextInt(LONGEST_GATHERING_MILLIS)) : fault;
    }
}
